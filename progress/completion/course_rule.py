"""A course's completion rule, and one version of it. What each asks of a learner is in `course_terms`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeyAssignment:
    """A module that the rule asks for: `submitted`, or `passed`."""

    module_id: int
    needs: str


@dataclass(frozen=True)
class CompletionRule:
    """What a course asks for, all of it: a share (0–1) of its lectures, key assignments, a score for these.

    Where no key assignment is named, the minimum score is asked of every assignment, quiz and exam that counts.
    """

    lecture_share: float | None = None
    key_assignments: tuple[KeyAssignment, ...] = ()
    minimum_score: float | None = None


@dataclass(frozen=True)
class RuleVersion:
    """A rule, or None for “all units”, in force from `created_at` until the next version's.

    It completes a course for moments from `applies_from` on; null is from ever: what was done before was judged too.
    """

    version: int
    rule: CompletionRule | None
    applies_from: datetime | None
    created_at: datetime
    created_by: int | None = None
