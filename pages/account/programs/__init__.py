"""Pieces of the page about access for programs."""
