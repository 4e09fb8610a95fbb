"""Pieces of the page that compares courses and classes week by week."""
