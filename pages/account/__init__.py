"""Pages about one's own account, for every role."""
