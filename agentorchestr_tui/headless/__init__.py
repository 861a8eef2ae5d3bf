"""The face without a screen: a session as lines."""
