"""Pages about one's own account, for every role: one file, one page; their pieces in subfolders.

Imports `widgets`.
"""
