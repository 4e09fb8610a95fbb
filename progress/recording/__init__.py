"""The only way to record events: they are screened, stored once and rolled up, in one transaction.

Imports `courses`, `people`, `completion` and `audit`. Importers read files and other systems' formats.
"""
