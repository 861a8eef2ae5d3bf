"""What each agent CLI is: one TOML card an agent, and the few mechanisms that cards speak of."""
