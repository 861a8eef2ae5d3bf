"""The full-screen face: a session on a stage, with keys."""
