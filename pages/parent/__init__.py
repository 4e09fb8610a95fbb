"""A parent's pages: every one of their children, and no one else's.

Imports `widgets`.
"""
