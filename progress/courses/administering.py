"""What administrators do to schools and enrolments: one verb a change, each in a transaction of its own.

Each takes the viewer and raises NotAllowed for anyone but an administrator.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select

from data.models import Enrolment
from data.record import current_record
from data.viewer import Viewer, require_administrator
from progress.courses.enrolment import NotEnrolled, enrol
from progress.courses.schools import SchoolFacts, schools, set_time_zone
from progress.people.access import administering


def all_schools(viewer: Viewer) -> list[SchoolFacts]:
    """Every school that has not ended, by name."""
    require_administrator(viewer)
    with current_record().reading() as connection:
        return schools(connection)


def change_time_zone(viewer: Viewer, school_ids: Iterable[int], time_zone: str) -> int:
    """Count the days and weeks of these schools in another time zone; returns how many had another one.

    Raises UnknownTimeZone.
    """
    with administering(viewer) as tx:
        return set_time_zone(tx, school_ids, time_zone, datetime.now(UTC))


def take_back(viewer: Viewer, learner_id: int, course_id: int) -> None:
    """Enrol someone again in a course that they dropped; what was recorded before counts again.

    Raises NotEnrolled for someone who never was in the course, and NotLearners.
    """
    was_enrolled = select(Enrolment.user_id).where(Enrolment.user_id == learner_id, Enrolment.course_id == course_id)
    with administering(viewer) as tx:
        if tx.execute(was_enrolled).one_or_none() is None:
            raise NotEnrolled(learner_id, course_id)
        enrol(tx, [learner_id], course_id, datetime.now(UTC))
