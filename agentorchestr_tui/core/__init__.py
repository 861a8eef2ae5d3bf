"""What a session is and what may happen next: pure values, `decide` and `apply`."""
