"""Importing the Open University Learning Analytics Dataset: source → checking → presentation → storing."""

from progress.importers.oulad.importing import PresentationFailed, import_oulad
from progress.importers.oulad.source import MissingColumn, MissingTable, UnreadableTable

__all__ = ["MissingColumn", "MissingTable", "PresentationFailed", "UnreadableTable", "import_oulad"]
