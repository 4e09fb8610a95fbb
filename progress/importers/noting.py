"""Imports in the audit trail: what was imported, and how many rows of each kind that created, changed and ended."""

from collections.abc import Mapping

from data.record import Transaction
from progress.audit import note_many
from progress.importers.report import Tally


def note_import(tx: Transaction, what: str, tallies: Mapping[str, Tally]) -> None:
    """Note an import that changed something; one that changed nothing is not worth an entry."""
    changed = {name: str(each) for name, each in tallies.items() if each.created + each.updated + each.ended}
    if changed:
        note_many(tx, "import.applied", [{"details": {"what": what, **changed}}])
