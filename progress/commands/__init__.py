"""`python -m progress`: the command line. Each command calls other rooms and puts the outcome into words.

Imports `audit`, `courses`, `importers.oneroster`, `importers.oulad`, `importers.shared`, `importers.spreadsheet`,
`people`, `recording`, `sample`, `upkeep`, `xapi.file` and `xapi.record`.
"""
