"""A course's completion rule, and one version of it. `course_terms` says what they require of a learner."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeyAssignment:
    """A module that the rule requires to be `submitted` or `passed`."""

    module_id: int
    needs: str


@dataclass(frozen=True)
class CompletionRule:
    """What completes a course: a share (0–1) of its lectures, the key assignments, and a minimum score for these.

    All given parts are required. Without key assignments the minimum score applies to every assignment, quiz and
    exam that counts.
    """

    lecture_share: float | None = None
    key_assignments: tuple[KeyAssignment, ...] = ()
    minimum_score: float | None = None


@dataclass(frozen=True)
class RuleVersion:
    """A rule, or None for “all units”, in force from `created_at` until the next version's `created_at`.

    It can complete a course from `applies_from` on. None means from the beginning: earlier work was re-evaluated too.
    """

    version: int
    rule: CompletionRule | None
    applies_from: datetime | None
    created_at: datetime
    created_by: int | None = None
