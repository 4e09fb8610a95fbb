"""Imports in the audit trail: what was imported, and how many rows of each kind that created, changed and ended."""

from collections.abc import Mapping

import polars as pl

from data.record import Transaction
from data.source_rows import Tally
from progress.audit.noting import note_many


def note_import(tx: Transaction, what: str, tallies: Mapping[str, Tally]) -> None:
    """Note an import that changed something; one that changed nothing is not worth an entry."""
    changed = {name: str(each) for name, each in tallies.items() if each.created + each.updated + each.ended}
    if changed:
        note_many(tx, "import.applied", [{"details": {"what": what, **changed}}])


def note_roles(tx: Transaction, told: pl.DataFrame) -> None:
    """Note the roles that a roster gave and ended (user_id, role, outcome), each by itself."""
    for kind, outcomes in (("role.given", ("created", "updated")), ("role.ended", ("ended",))):
        changed = told.filter(pl.col("outcome").is_in(outcomes)).select("user_id", "role").iter_rows()
        note_many(tx, kind, [{"subject_id": user_id, "details": {"role": role}} for user_id, role in changed])


def note_guardians(tx: Transaction, told: pl.DataFrame) -> None:
    """The same for guardians' links (guardian_id, learner_id, outcome)."""
    for kind, outcomes in (("guardian.linked", ("created", "updated")), ("guardian.unlinked", ("ended",))):
        changed = told.filter(pl.col("outcome").is_in(outcomes)).select("guardian_id", "learner_id").iter_rows()
        note_many(tx, kind, [{"subject_id": child, "details": {"guardian_id": one}} for one, child in changed])


def note_accounts(tx: Transaction, before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Note the accounts that a roster closed and opened again: (external_id, is_active) of earlier, with id of now."""
    both = after.join(before, on="external_id", suffix="_before")
    for kind, is_active in (("account.closed", False), ("account.opened", True)):
        changed = both.filter((pl.col("is_active") == is_active) & (pl.col("is_active_before") != is_active))
        note_many(tx, kind, [{"subject_id": user_id} for user_id in changed["id"]])
