"""The events in key modules that a completion rule looks at, read from the record for one learner and for many."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import Executable, Select, bindparam, or_, select

from data.bulk import any_of, list_parameter, matches_any, rows_where
from data.models import ProgressEvent
from data.record import Transaction
from progress.completion.course_shape import CourseShape
from progress.completion.course_terms import KeyEvidence
from progress.completion.module_state import Evidence
from progress.completion.terms_met import KEY_EVIDENCE_SCHEMA, KINDS_THAT_DECIDE


def key_evidence(tx: Transaction, shape: CourseShape, learner_id: int) -> KeyEvidence:
    """One learner's events by module. Reads nothing if the rule has no key modules."""
    if not shape.key_modules:
        return {}
    bound = {"user_id": learner_id, "module_ids": list_parameter(tx, shape.key_modules)}
    found: dict[int, list[Evidence]] = defaultdict(list)
    for row in tx.execute(_of_learner(tx.is_sqlite), bound):
        found[row.module_id].append(Evidence(row.kind, row.occurred_at, authority=row.authority, score=row.score))
    return found


def key_evidence_frame(tx: Transaction, shapes: Iterable[CourseShape], user_ids: Iterable[int]) -> pl.DataFrame:
    """The events of many learners (KEY_EVIDENCE_SCHEMA)."""
    modules = frozenset[int]().union(*(shape.key_modules for shape in shapes))
    if not modules:
        return pl.DataFrame(schema=KEY_EVIDENCE_SCHEMA)
    statement = _events(*(getattr(ProgressEvent, name) for name in KEY_EVIDENCE_SCHEMA)).where(
        matches_any(tx, ProgressEvent.user_id, user_ids), matches_any(tx, ProgressEvent.module_id, modules)
    )
    return rows_where(tx, statement, KEY_EVIDENCE_SCHEMA)


def _events(*columns: Any) -> Select[Any]:
    return select(*columns).where(or_(ProgressEvent.kind.in_(KINDS_THAT_DECIDE), ProgressEvent.score.is_not(None)))


@lru_cache(maxsize=2)
def _of_learner(is_sqlite: bool) -> Executable:
    return _events(*(getattr(ProgressEvent, name) for name in KEY_EVIDENCE_SCHEMA)).where(
        ProgressEvent.user_id == bindparam("user_id"), any_of(ProgressEvent.module_id, "module_ids", is_sqlite)
    )
