"""Pieces of the page about a course's completion rule."""
