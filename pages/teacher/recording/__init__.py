"""Pieces of the page on which progress is recorded: form, grid, drafts, outcomes."""
