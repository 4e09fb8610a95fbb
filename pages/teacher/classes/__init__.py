"""Pieces of the pages about classes: cards, the matrix, who needs a look."""
