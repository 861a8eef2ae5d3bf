"""Run a team of terminal coding agents on one goal."""

__version__ = "0.1.0"
