"""Where a process lives: one `Pane` protocol over our own PTY host, and later other homes."""
