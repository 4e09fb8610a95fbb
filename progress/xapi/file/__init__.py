"""Files of xAPI statements: read in columns by a second process, judged and stored in chunks.

Imports `record`, `statement`, `recording` and `importers.shared`.
"""
