"""The viewer: who is looking, and whom they may see. `progress.people.access` resolves it; every query takes one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.school_days import school_day

ROLES = ("student", "teacher", "parent", "administrator")


class NotAllowed(PermissionError):
    """The viewer's roles do not give them this. Carries the viewer's user id."""


@dataclass(frozen=True)
class Viewer:
    """A person with what the rules of access allow them, as of when the viewer was resolved.

    `learner_ids` are the people whose rows they may see: themselves as a student, their children as a parent, the
    learners of their classes as a teacher. Administrators see everyone, whatever the set contains.
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


def require_administrator(viewer: Viewer) -> None:
    """Raises NotAllowed for anyone else."""
    if not viewer.sees_everyone:
        raise NotAllowed(viewer.user_id)
