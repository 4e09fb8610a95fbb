"""Importing OneRoster 1.1 and 1.2 CSV, bulk and delta: package → tables → checking → storing.

Imports `importers.shared`, `courses`, `people` and `audit`.
"""
