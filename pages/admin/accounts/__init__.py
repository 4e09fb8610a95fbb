"""Pieces of the pages about people: forms, lists and facts about one person."""
