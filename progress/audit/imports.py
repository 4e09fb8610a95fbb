"""Audit entries of imports: what was imported, and how many rows of each kind were created, updated and ended."""

from collections.abc import Mapping

import polars as pl

from data.record import Transaction
from data.source_rows import Tally
from progress.audit.noting import note_many


def note_import(tx: Transaction, what: str, tallies: Mapping[str, Tally]) -> None:
    """Note an import, unless it changed nothing."""
    changed = {name: str(each) for name, each in tallies.items() if each.created + each.updated + each.ended}
    if changed:
        note_many(tx, "import.applied", [{"details": {"what": what, **changed}}])


def note_roles(tx: Transaction, results: pl.DataFrame) -> None:
    """Note each role that a roster gave or ended (user_id, role, outcome)."""
    for kind, outcomes in (("role.given", ("created", "updated")), ("role.ended", ("ended",))):
        changed = results.filter(pl.col("outcome").is_in(outcomes)).select("user_id", "role").iter_rows()
        note_many(tx, kind, [{"subject_id": user_id, "details": {"role": role}} for user_id, role in changed])


def note_guardians(tx: Transaction, results: pl.DataFrame) -> None:
    """Note each guardian's link that a roster made or ended (guardian_id, learner_id, outcome)."""
    for kind, outcomes in (("guardian.linked", ("created", "updated")), ("guardian.unlinked", ("ended",))):
        changed = results.filter(pl.col("outcome").is_in(outcomes)).select("guardian_id", "learner_id").iter_rows()
        note_many(tx, kind, [{"subject_id": child, "details": {"guardian_id": adult}} for adult, child in changed])


def note_accounts(tx: Transaction, before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Note each account that a roster closed or reopened: (external_id, is_active) before, and also `id` after."""
    both = after.join(before, on="external_id", suffix="_before")
    for kind, is_active in (("account.closed", False), ("account.opened", True)):
        changed = both.filter((pl.col("is_active") == is_active) & (pl.col("is_active_before") != is_active))
        note_many(tx, kind, [{"subject_id": user_id} for user_id in changed["id"]])
