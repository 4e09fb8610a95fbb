"""How a page runs: who is looking, whose turn it is, whose files these are."""
