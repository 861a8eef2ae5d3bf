"""The command line: words in, a face or an answer out, and an exit code."""
