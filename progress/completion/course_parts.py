"""The parts of a course's shape: facts about its modules, the spans in which they counted, and the course's epochs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from progress.completion.module_state import ModuleRule


@dataclass(frozen=True)
class Epoch:
    """A period, excluding `ends_at`, in which the set of counting modules did not change."""

    starts_at: datetime
    ends_at: datetime | None
    module_ids: frozenset[int]


@dataclass(frozen=True)
class Span:
    """A period, excluding `ends_at`, in which a module counted."""

    module_id: int
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class ModuleFacts:
    """A module as it stands now."""

    module_id: int
    unit_id: int
    title: str
    kind: str
    rule: ModuleRule
    is_required: bool
    published_at: datetime | None
    retired_at: datetime | None


def epochs(spans: Iterable[Span]) -> tuple[Epoch, ...]:
    """The periods between changes of what counted, in chronological order, without those in which nothing counted."""
    all_spans = list(spans)
    edges = sorted({s.starts_at for s in all_spans} | {s.ends_at for s in all_spans if s.ends_at is not None})
    periods = (
        Epoch(start, end, frozenset(s.module_id for s in all_spans if _covers(s, start)))
        for start, end in zip_longest(edges, edges[1:])
    )
    return tuple(epoch for epoch in periods if epoch.module_ids)


def _covers(span: Span, moment: datetime) -> bool:
    return span.starts_at <= moment and (span.ends_at is None or moment < span.ends_at)
