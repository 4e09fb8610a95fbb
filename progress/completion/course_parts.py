"""What a course's shape is put together from: facts about modules, spans in which they counted, epochs of a course."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from progress.completion.module_state import ModuleRule


@dataclass(frozen=True)
class Epoch:
    """A stretch of time, up to but without `ends_at`, in which the same modules counted."""

    starts_at: datetime
    ends_at: datetime | None
    module_ids: frozenset[int]


@dataclass(frozen=True)
class Span:
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
    """The stretches between changes of what counted, in order of time; those in which nothing counted are left out."""
    listed = list(spans)
    edges = sorted({s.starts_at for s in listed} | {s.ends_at for s in listed if s.ends_at is not None})
    stretches = (
        Epoch(start, end, frozenset(s.module_id for s in listed if _covers(s, start)))
        for start, end in zip_longest(edges, edges[1:])
    )
    return tuple(epoch for epoch in stretches if epoch.module_ids)


def _covers(span: Span, moment: datetime) -> bool:
    return span.starts_at <= moment and (span.ends_at is None or moment < span.ends_at)
