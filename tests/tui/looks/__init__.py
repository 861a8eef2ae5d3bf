"""Pictures of every screen: what they are built from, how they are drawn, and where they are kept."""
