"""What all importers share: archives, CSV text, the report of an import, its entry in the audit trail.

Knows no source. Imports `audit`.
"""
