"""Importing a file of xAPI statements, which `xapi_file` reads. What a statement means is `progress.xapi`'s."""

from progress.importers.xapi.importing import import_xapi
from progress.importers.xapi_file.source import NotStatements, UnpacksTooFar

__all__ = ["NotStatements", "UnpacksTooFar", "import_xapi"]
