"""Locks between write transactions on PostgreSQL. On SQLite there is one at a time, so these do nothing."""

from collections.abc import Iterable

from sqlalchemy import func, select, text

from data.bulk import matches_any
from data.models import Enrolment
from data.record import Transaction


def lock_for_recording(tx: Transaction, course_ids: Iterable[int]) -> None:
    """Keep the courses' structure unchanged until the transaction ends; others may record meanwhile."""
    if not tx.is_sqlite:
        for course_id in sorted(set(course_ids)):
            tx.execute(select(func.pg_advisory_xact_lock_shared(course_id)))


def lock_structure(tx: Transaction, course_ids: Iterable[int]) -> None:
    """Wait until nobody is recording in the courses, and keep others from starting to until the transaction ends."""
    if not tx.is_sqlite:
        for course_id in sorted(set(course_ids)):
            tx.execute(select(func.pg_advisory_xact_lock(course_id)))


def lock_everything(tx: Transaction) -> None:
    """Keep everyone else from writing progress until the transaction ends."""
    if not tx.is_sqlite:
        tables = (
            "progress_events, module_progress, unit_progress, course_progress, enrolments, module_spans,"
            " course_completion_rules"
        )
        tx.execute(text(f"lock table {tables} in share row exclusive mode"))


def lock_learners(tx: Transaction, user_ids: Iterable[int], course_ids: Iterable[int]) -> None:
    """Serialise recordings for one learner in one course: concurrent ones would miss each other's completions."""
    if not tx.is_sqlite:
        tx.execute(
            select(Enrolment.user_id)
            .where(matches_any(tx, Enrolment.user_id, user_ids), matches_any(tx, Enrolment.course_id, course_ids))
            .order_by(Enrolment.course_id, Enrolment.user_id)
            .with_for_update()
        )
