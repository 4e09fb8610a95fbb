"""What all importers share: reading archives and CSV text, and the report of an import.

Knows no source and no record.
"""
