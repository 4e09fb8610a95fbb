"""The teacher's pages, one file a page, and the pieces that belong to them alone."""
