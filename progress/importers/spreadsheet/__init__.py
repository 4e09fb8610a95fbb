"""Importing a progress spreadsheet, CSV or Excel: rows → stated lines → who and what they name → events.

Imports `importers.shared`, `recording`, `people` and `audit`.
"""
