"""The administrator's pages: one file, one page; their pieces in subfolders.

Imports `widgets`.
"""
