"""Files of xAPI statements: read in columns by a second process, judged and stored in chunks.

Imports `xapi.record`, `xapi.statement`, `recording`, `completion`, `importers.shared` and `audit`.
"""
