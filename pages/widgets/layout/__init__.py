"""What pages are laid out from: cards, tables, charts, choices, downloads.

Imports `widgets.words`.
"""
