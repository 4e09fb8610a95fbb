"""Importing the Open University Learning Analytics Dataset: source → checking → presentation → storing.

Imports `importers.shared`, `recording`, `courses` and `audit`.
"""
