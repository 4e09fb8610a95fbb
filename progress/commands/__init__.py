"""`python -m progress`: the command line. Each command puts into words what the other rooms do.

Imports `audit`, `courses`, `importers.oneroster`, `importers.oulad`, `importers.shared`, `importers.spreadsheet`,
`people`, `recording`, `sample`, `upkeep`, `xapi.file` and `xapi.record`.
"""
