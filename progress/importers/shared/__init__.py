"""What all importers share: archives, CSV text, the report of an import.

Knows no source and no record.
"""
