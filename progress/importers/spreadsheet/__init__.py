"""Importing a progress spreadsheet, CSV or Excel: rows → stated lines → who and what they name → events."""

from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.importers.spreadsheet.template import spreadsheet_template

__all__ = ["import_spreadsheet", "spreadsheet_template"]
