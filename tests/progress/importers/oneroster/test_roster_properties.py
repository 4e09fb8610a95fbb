"""Any rosters one after the other end in what the last one says, and none of them changes what was before its day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.models import ClassLearner
from data.record import Record
from progress.courses.class_enrolment import follow_due
from progress.recording.rebuild import differences
from tests.examples import up_to
from tests.progress.importers.oneroster.packages import (
    NOW,
    Files,
    course,
    enrollment,
    imported,
    row,
    school_class,
    session,
    user,
)
from tests.progress.importers.oneroster.roster_rows import enrolments, stretches

examples = settings(
    max_examples=up_to(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PEOPLE, CLASSES, COURSES = ("ada", "ben"), ("7a", "7b", "7c"), ("algebra", "art")
_numbers = count()


@dataclass(frozen=True)
class Seat:
    """A row of enrollments.csv; the days are counted from that of its import."""

    school_class: str
    person: str
    role: str
    begins: int | None
    ends: int | None


@dataclass(frozen=True)
class Roster:
    """One export, so many days after the first."""

    day: int
    courses: dict[str, str]
    ended_classes: set[str]
    left: set[str]
    seats: list[Seat] = field(default_factory=list)

    def holds(self, seat: Seat, on: int) -> bool:
        """Whether the seat is a learner's on a day that is not before the roster's."""
        begins = self.day + (seat.begins or 0)
        has_begun = seat.begins is None or begins <= on
        is_over = seat.ends is not None and self.day + seat.ends < on
        return seat.role == "student" and has_begun and not is_over and seat.person not in self.left

    def learners(self, on: int) -> set[tuple[str, str]]:
        """(learner, course)."""
        return {
            (seat.person, self.courses[seat.school_class])
            for seat in self.seats
            if self.holds(seat, on) and seat.school_class not in self.ended_classes
        }


@st.composite
def rosters(draw: st.DrawFn) -> list[Roster]:
    day, listed = 0, []
    for _ in range(draw(st.integers(1, 4))):
        seats = {}
        for school_class_, person in draw(st.sets(st.tuples(st.sampled_from(CLASSES), st.sampled_from(PEOPLE)))):
            begins = draw(st.sampled_from([None, None, None, 0, 3]))
            ends = draw(st.sampled_from([None, None, None, -1, 0, 5]))
            ends = None if begins is not None and ends is not None and ends < begins else ends
            role = draw(st.sampled_from(["student", "student", "student", "aide"]))
            seats[school_class_, person] = Seat(school_class_, person, role, begins, ends)
        listed.append(
            Roster(
                day,
                {name: draw(st.sampled_from(COURSES)) for name in CLASSES},
                draw(st.sets(st.sampled_from(CLASSES), max_size=1)),
                draw(st.sets(st.sampled_from(PEOPLE), max_size=1)),
                list(seats.values()),
            )
        )
        day += draw(st.integers(1, 6))
    return listed


def moment(day: int) -> datetime:
    return NOW + timedelta(days=day)


def files_of(roster: Roster, mark: str) -> Files:
    """The roster as a whole export; `mark` keeps the ids of one example apart from those of the others."""

    def told(is_gone: bool) -> dict[str, str]:
        at = f"{moment(roster.day):%Y-%m-%dT00:00:00.000Z}"
        return {"status": "tobedeleted", "dateLastModified": at} if is_gone else {}

    def day(offset: int | None) -> str:
        return "" if offset is None else f"{moment(roster.day + offset):%Y-%m-%d}"

    own = {"orgSourcedIds": f"{mark}school"}
    return {
        "orgs": [row(f"{mark}school", name="Elm", type="school", parentSourcedId="")],
        "academicSessions": [
            session(f"{mark}year", type="schoolYear", startDate="2025-08-15", endDate="2026-12-31", parentSourcedId="")
        ],
        "courses": [
            course(mark + name, schoolYearSourcedId=f"{mark}year", orgSourcedId=f"{mark}school") for name in COURSES
        ],
        "classes": [
            {
                **school_class(mark + name, mark + roster.courses[name], termSourcedIds=f"{mark}year"),
                **{"schoolSourcedId": f"{mark}school", **told(name in roster.ended_classes)},
            }
            for name in CLASSES
        ],
        "users": [
            user(f"{mark}zed", "aide", **own),
            *({**user(mark + name, "student", **own), **told(name in roster.left)} for name in PEOPLE),
        ],
        "enrollments": [
            {
                **enrollment(mark + seat.school_class, mark + seat.person, seat.role),
                **{"schoolSourcedId": f"{mark}school", "beginDate": day(seat.begins), "endDate": day(seat.ends)},
            }
            for seat in (Seat("7a", "zed", "aide", None, None), *roster.seats)  # a file without rows is no file
        ],
    }


def active(record: Record, mark: str) -> set[tuple[str, str]]:
    return {
        (person.removeprefix(mark), course_id.removeprefix(mark))
        for (person, course_id), status in enrolments(record).items()
        if person.startswith(mark) and status == "active"
    }


def past(record: Record, mark: str, until: date) -> set[tuple[str, str, date]]:
    """Who was in which class on each of the thirty days before this one."""
    days = [until - timedelta(days=number) for number in range(1, 31)]
    return {
        (school_class_, person, day)
        for (school_class_, person), spans in stretches(record, ClassLearner).items()
        if school_class_.startswith(mark)
        for joined_on, left_on in spans
        for day in days
        if joined_on <= day and (left_on is None or day < left_on)
    }


@examples
@given(listed=rosters(), later=st.integers(1, 8))
def test_rosters_end_in_what_the_last_one_says_and_change_nothing_before_their_day(
    record: Record, listed: list[Roster], later: int
) -> None:
    mark = f"{next(_numbers)}-"
    for number, roster in enumerate(listed):
        today = moment(roster.day)
        follow_due(today)
        before = past(record, mark, today.date())
        assert imported(record, files_of(roster, mark), now=today).is_applied
        if number:
            assert past(record, mark, today.date()) == before
        assert active(record, mark) == roster.learners(roster.day)
        assert imported(record, files_of(roster, mark), now=today).changed_count == 0
    last = listed[-1]
    follow_due(moment(last.day + later))
    assert active(record, mark) == last.learners(last.day + later)
    assert differences(record).is_empty()
