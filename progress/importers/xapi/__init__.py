"""Importing a file of xAPI statements: source → importing. What a statement means is `progress.xapi`'s."""

from progress.importers.xapi.importing import import_xapi
from progress.importers.xapi.source import NotStatements, UnpacksTooFar

__all__ = ["NotStatements", "UnpacksTooFar", "import_xapi"]
