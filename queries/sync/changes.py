"""What changed for a learner since a device last asked, in pages of rounds from one state of the record to the next.

A round goes from the state that the device has to the state at the round's first page; its pages have the rows that
were written in between. What changes between two pages waits for the next round. So nothing is missed, in whatever
order transactions commit, and a device with all pages of all rounds has the current state.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from data.mirror import with_mirror
from data.mirror.position import Position
from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import of_learners
from queries.sync.cursor import Cursor, Stand, as_text, from_text

SUBJECTS = ("course", "unit", "module")  # in this order, so that a row's parent comes before it

_NEVER = datetime(1970, 1, 1)
_ALWAYS = datetime(9999, 1, 1)
_LAST = 2**63 - 1


@dataclass
class UnknownLearner(Exception):
    """No learner whom the viewer may see has this id."""

    learner_id: int


@dataclass(frozen=True)
class Changes:
    """One page. `rows` are whole `device_row`s; the device removes hidden modules among them.

    `is_complete`: discard local rows; this page starts a full copy. `cursor` continues, at once if `has_more`.
    """

    as_of: datetime
    is_complete: bool
    rows: pl.DataFrame
    has_more: bool
    cursor: str


def changes(viewer: Viewer, learner_id: int, *, since: str | None, limit: int) -> Changes:
    """The next page of rows after a cursor, or the first page of a full copy.

    A full copy also starts if the cursor is of another record, or of a state that the current one did not come from.
    Raises UnknownLearner and WrongCursor.
    """
    cursor = from_text(since, learner_id) if since is not None else None
    found = _asked(viewer, learner_id, cursor, limit)
    if cursor is not None and found.height and not _goes_on(found, cursor):
        cursor = None
        found = _asked(viewer, learner_id, cursor, limit)
    if found.is_empty():
        raise UnknownLearner(learner_id)
    return _page(learner_id, cursor, found, limit)


def _goes_on(found: pl.DataFrame, cursor: Cursor) -> bool:
    """Whether the found state is a later one in the same history as the cursor's."""
    if not _stand(found).position.may_continue(cursor.latest):
        return False
    return with_mirror(lambda mirror: mirror.is_past(cursor.latest))


def _page(learner_id: int, cursor: Cursor | None, found: pl.DataFrame, limit: int) -> Changes:
    now = _stand(found)
    known, target = (cursor.known, cursor.target or now) if cursor else (None, now)
    rows = found.filter(pl.col("subject_id").is_not_null())
    due = rows.filter(~pl.col("is_later"))
    page = due.head(limit)
    if due.height > limit:
        after = SUBJECTS.index(page["subject_type"][-1]), int(page["subject_id"][-1])
        following = Cursor(learner_id, known, target, after)
    else:
        following = Cursor(learner_id, known=target)
    return Changes(now.at, cursor is None, page, rows.height > page.height, as_text(following))


def _asked(viewer: Viewer, learner_id: int, cursor: Cursor | None, limit: int) -> pl.DataFrame:
    known, target = (cursor.known, cursor.target) if cursor else (None, None)
    after = cursor.after if cursor and cursor.target else (-1, 0)
    return ask(
        viewer,
        _question(),
        learner_id=learner_id,
        subjects=list(SUBJECTS),
        limit=limit,
        begins_with_nothing=known is None,
        after_rank=after[0],
        after_id=after[1],
        **_horizon("known", known, (0, _NEVER)),
        **_horizon("target", target, (_LAST, _ALWAYS)),
    )


def _question() -> str:
    """The remaining rows of the round, then those of the next, each with the current position; or only the position.

    It is one question so that rows and position are of the same state.
    """
    return f"""
        {of_learners("device_row", "{visible} and learner_id = $learner_id")},
        judged as (
            select
                *,
                list_position($subjects, subject_type) - 1 as rank,
                {_is_unseen_by("known")} as is_unseen,
                {_is_unseen_by("target")} as is_later
            from device_row
        )
        select
            s.record_uuid, s.mirror_epoch, s.mark, s.witness, utc_now() as as_of,
            r.* exclude (is_unseen, written_in, turns_at)
        from record.mirror_state as s
        join main.learner as l on l.learner_id = $learner_id
        left join judged as r
            on r.learner_id = l.learner_id
            and r.is_unseen
            and (r.is_later or (r.rank, r.subject_id) > ($after_rank, $after_id))
            and (r.is_later or not $begins_with_nothing or r.availability is distinct from 'hidden')
        where {{visible:l.learner_id}}
        order by r.is_later, r.rank, r.subject_id
        limit $limit + 1
    """


def _is_unseen_by(name: str) -> str:
    """Whether the row was written, or changed by time alone, after a state of the record."""
    return f"""(
        list_max(written_in) >= ${name}_next
        or list_has_any(written_in, ${name}_running::bigint[])
        or coalesce(len([turn for turn in turns_at if turn > ${name}_at and turn <= utc_now()]), 0) > 0
    )"""


def _horizon(name: str, stand: Stand | None, without: tuple[int, datetime]) -> dict[str, Any]:
    following, running = stand.position.unseen() if stand else (without[0], [])
    at = stand.at if stand else without[1]
    return {f"{name}_next": following, f"{name}_running": running, f"{name}_at": at}


def _stand(found: pl.DataFrame) -> Stand:
    uuid, epoch, mark, witness, as_of = found.row(0)[:5]
    return Stand(Position(uuid, epoch, mark, witness), as_of)
