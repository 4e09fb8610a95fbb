"""Who is looking, and at whom they may look. `progress.people.access` resolves it; every query takes one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.school_days import school_day

ROLES = ("student", "teacher", "parent", "administrator")


class NotAllowed(PermissionError):
    """The viewer's roles do not give them this. Carries the viewer's user id."""


@dataclass(frozen=True)
class Viewer:
    """One person with what the rules of access give them, as the record had it when the viewer was made.

    `learner_ids` holds everyone whose rows they may see: themselves as a student, their children as a parent, the
    learners of their classes as a teacher. An administrator sees everyone, whatever the set holds.
    """

    user_id: int
    full_name: str
    roles: frozenset[str]
    learner_ids: frozenset[int]
    child_ids: tuple[int, ...] = ()
    class_ids: tuple[int, ...] = ()
    time_zone: str = "UTC"

    @property
    def sees_everyone(self) -> bool:
        return "administrator" in self.roles

    def today(self) -> date:
        """Which day it is at their school."""
        return school_day(datetime.now(UTC), self.time_zone)

    def may_see(self, learner_id: int) -> bool:
        return self.sees_everyone or learner_id in self.learner_ids
