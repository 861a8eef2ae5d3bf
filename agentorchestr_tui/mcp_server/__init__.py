"""The agents' hands: MCP tools that translate to commands and return words."""
