"""The session in motion: the only place where a command becomes effects."""
