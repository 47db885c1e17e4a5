"""What may be said about a community, with its doubt, in plain words."""
