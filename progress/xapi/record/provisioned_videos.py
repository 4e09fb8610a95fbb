"""Videos of which only statements are known: lectures in a unit “Videos”, once a statement tells how long they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl
from sqlalchemy import func, select

from data.bulk import upsert
from data.locks import lock_structure
from data.models import Module, ModuleSpan, Unit
from data.moments import naive_utc
from data.record import Transaction
from data.source_rows import stored_rows, write_rows
from progress.completion.module_states import TIME
from progress.courses.structure import add_unit, structure_changed
from progress.xapi.statement.subjects import VideoMention

UNIT_TITLE = "Videos"
USUAL_THRESHOLD = 0.9


@dataclass
class VideoDraft:
    """What statements tell of a video. Players differ by parts of a second: what most of them say is believed."""

    external_id: str
    first_at: datetime
    title: str | None = None
    lengths: Counter[float] = field(default_factory=Counter)
    thresholds: Counter[float] = field(default_factory=Counter)
    is_needed: bool = False

    def add(self, mention: VideoMention) -> None:
        self.first_at = min(mention.first_at, self.first_at)
        self.title = self.title or mention.title
        self.is_needed = self.is_needed or mention.is_event
        if mention.length_seconds is not None:
            self.lengths[mention.length_seconds] += mention.statements_count
        if mention.threshold is not None:
            self.thresholds[mention.threshold] += mention.statements_count

    @property
    def length_seconds(self) -> float:
        return _usual(self.lengths)

    @property
    def threshold(self) -> float:
        return _usual(self.thresholds) if self.thresholds else USUAL_THRESHOLD


class Times(NamedTuple):
    """When the course's first statement was and when this one came; `begun` as in `provision`."""

    first_at: datetime
    received_at: datetime
    begun: dict[int, datetime]


def provision_videos(tx: Transaction, course_id: int, drafts: Sequence[VideoDraft], times: Times) -> int:
    """Add the videos in which something happened and whose length is stated; returns how many are new.

    They are open since their first statement. In a course without any module they count since the course's first one;
    in another they count from now on, so that what was complete before stays complete.
    """
    usable = [draft for draft in drafts if draft.is_needed and draft.lengths]
    if not usable:
        return 0
    lock_structure(tx, [course_id])
    stored = stored_rows(tx, Module, Module.course_id == course_id)
    new = [draft for draft in usable if draft.external_id not in set(stored["external_id"])]
    if not new:
        return 0
    wanted = _rows(new).with_columns(course_id=pl.lit(course_id), **_unit_and_place(tx, course_id, len(new)))
    created = write_rows(tx, Module, wanted, stored, ["course_id", "external_id"]).created
    if stored.is_empty():
        times.begun[course_id] = times.first_at
    counts_from = times.begun.get(course_id, times.received_at)
    upsert(tx, ModuleSpan, created.select(module_id="id", starts_at=pl.lit(naive_utc(counts_from), TIME)))
    structure_changed(tx, [course_id])
    return created.height


def _rows(drafts: Sequence[VideoDraft]) -> pl.DataFrame:
    rows = [
        {
            "external_id": draft.external_id,
            "title": draft.title or draft.external_id,
            "kind": "lecture",
            "is_required": True,
            "duration_seconds": draft.length_seconds,
            "completion_rule": "watched",
            "score_rule": "best",
            "watched_threshold": draft.threshold,
            "published_at": naive_utc(draft.first_at),
        }
        for draft in sorted(drafts, key=lambda draft: (draft.first_at, draft.external_id))
    ]
    return pl.DataFrame(rows).with_columns(pl.col("published_at").cast(TIME))


def _unit_and_place(tx: Transaction, course_id: int, count: int) -> dict[str, pl.Expr | pl.Series]:
    own = (Unit.course_id == course_id, Unit.title == UNIT_TITLE)
    unit_id = tx.execute(select(func.min(Unit.id)).where(*own)).scalar_one() or add_unit(tx, course_id, UNIT_TITLE)
    last = tx.execute(select(func.max(Module.position)).where(Module.unit_id == unit_id)).scalar_one() or 0
    return {"unit_id": pl.lit(unit_id), "position": pl.Series(range(last + 1, last + 1 + count), dtype=pl.Int64)}


def _usual(told: Counter[float]) -> float:
    """The value stated most often; of several the largest."""
    return max(told, key=lambda value: (told[value], value))
