"""Loading the sample school into an empty record: its people, courses and a term of events."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import func, select, update

from data.models import RecordInfo, User
from data.record import Record, Transaction, current_record
from data.school_days import school_day
from progress.courses.enrolment import drop, enrol
from progress.people.accounts import add_school, set_password
from progress.recording.record import record_many
from progress.sample.courses import add_courses
from progress.sample.journeys import Seat, events_of
from progress.sample.roster import PEOPLE, add_classes, add_people
from progress.sample.term import Term

CLIPS = Path(__file__).parent / "clips"  # the videos of two lectures with captions, made by `drawing`
SAMPLE_PASSWORD = "waymark"
SAMPLE_ACCOUNTS = [
    ("student", "Student"),
    ("teacher", "Teacher"),
    ("parent", "Parent of two"),
    ("admin", "Administrator"),
]


class RecordHoldsPeople(Exception):
    """The sample would mix with people who are already there."""

    def __init__(self, people_count: int) -> None:
        super().__init__(f"The record already holds {people_count:,} people; the sample school needs an empty one.")
        self.people_count = people_count


def sample_is_loaded() -> bool:
    """Whether the sample school is in the current record, so that its accounts exist."""
    with current_record().reading() as connection:
        return connection.scalar(select(RecordInfo.sample_loaded_at)) is not None


def load_sample(record: Record, today: date | None = None) -> None:
    """Load the sample school as of the start of `today` (by default the school's own today), in one transaction.

    Raises RecordHoldsPeople.
    """
    school = PEOPLE["school"]
    zone = school["time_zone"]
    term = Term(today or school_day(datetime.now(UTC), zone), zone)
    with record.writing() as tx:
        _require_no_people(tx)
        school_id = add_school(tx, school["name"], time_zone=zone, external_id=school["external_id"])
        people = add_people(tx, school_id, term)
        seats = add_classes(tx, school_id, people, add_courses(tx, school_id, term), term)
        _teach_a_term(tx, seats, term)
        for username, _ in SAMPLE_ACCOUNTS:
            name = PEOPLE["accounts"][username]
            set_password(tx, people[name], SAMPLE_PASSWORD, minimum_length=len(SAMPLE_PASSWORD))
        tx.execute(update(RecordInfo).values(sample_loaded_at=datetime.now(UTC)))


def _require_no_people(tx: Transaction) -> None:
    people_count = tx.connection.scalar(select(func.count()).select_from(User)) or 0
    if people_count:
        raise RecordHoldsPeople(people_count)


def _teach_a_term(tx: Transaction, seats: list[Seat], term: Term) -> None:
    for course_id, enrolled_at in sorted({(seat.course.course_id, seat.enrolled_at(term)) for seat in seats}):
        user_ids = [s.user_id for s in seats if (s.course.course_id, s.enrolled_at(term)) == (course_id, enrolled_at)]
        enrol(tx, user_ids, course_id, enrolled_at)
    record_many(tx, events_of(seats, term))
    for seat in seats:
        if seat.persona.is_dropped:
            drop(tx, seat.user_id, seat.course.course_id, term.at(seat.active_until(term), time(9)))
