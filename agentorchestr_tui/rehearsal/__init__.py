"""A program that behaves like a coding agent in a terminal and plays a score: for `--demo`, and as the tests' fakes."""
