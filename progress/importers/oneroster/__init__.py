"""Importing OneRoster 1.1 and 1.2 CSV, bulk and delta: package → tables → checking → storing."""

from progress.importers.oneroster.importing import import_oneroster

__all__ = ["import_oneroster"]
