"""A school's time zone: set, and its days and weeks read anew; moments stay."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from data.mirror import current_mirror
from data.models import AuditEntry, Enrolment, ProgressEvent, School
from data.record import Record
from progress.courses.class_enrolment import follow_due
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.schools import (
    UnknownSchool,
    UnknownTimeZone,
    school_named,
    schools,
    schools_below,
    set_time_zone,
    time_zones,
)
from progress.courses.structure import add_course, add_module, add_unit, enrol
from progress.people.access import viewer_of
from progress.people.accounts import add_school, add_user
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from queries.asking.ask import ask_anything
from tests.progress.importers.stored import rows

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATE_ON_SUNDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)  # Monday in London, Sunday evening in Los Angeles


def school_of_one(record: Record, name: str, person: str) -> tuple[int, int, int]:
    """The ids of a new school, of its learner, and of its class's course with one reading."""
    with record.writing() as tx:
        school_id = add_school(tx, name, external_id=name)
        learner = add_user(tx, person, username=person, school_id=school_id, roles=["student"])
        course_id = add_course(tx, f"Course of {name}", school_id=school_id)
        class_id = add_class(tx, f"Class of {name}", course_id, school_id=school_id)
        join_class(tx, class_id, [learner], date(2026, 3, 2))
        enrol(tx, [learner], course_id, datetime(2026, 3, 2, tzinfo=UTC))
        module = add_module(tx, add_unit(tx, course_id, "Unit"), "Read", "reading", published_at=NOW.replace(day=1))
    record_events(viewer_of(learner), [NewEvent("player", person, learner, module, "viewed", LATE_ON_SUNDAY)])
    return school_id, learner, course_id


def days(learner: int) -> list[date]:
    found = ask_anything(f"select activity_date from learner_activity where learner_id = {learner}")
    return found["activity_date"].to_list()


def weeks(learner: int) -> list[date]:
    found = ask_anything(f"select week_starts_on from learner_week where learner_id = {learner}")
    return found["week_starts_on"].to_list()


def test_days_and_weeks_of_one_school_are_read_anew_and_moments_and_other_schools_stay(record: Record) -> None:
    elm, ada, _ = school_of_one(record, "Elm", "ada")
    _, ben, _ = school_of_one(record, "Oak", "ben")
    assert (days(ada), weeks(ada)) == ([date(2026, 3, 2)], [date(2026, 3, 2)])
    with record.writing() as tx:
        assert set_time_zone(tx, [elm], "America/Los_Angeles", NOW) == 1
    assert (days(ada), weeks(ada)) == ([date(2026, 3, 1)], [date(2026, 2, 23)])
    assert (days(ben), weeks(ben)) == ([date(2026, 3, 2)], [date(2026, 3, 2)])
    assert {at for (at,) in rows(record, select(ProgressEvent.occurred_at))} == {LATE_ON_SUNDAY}
    assert viewer_of(ada).time_zone == "America/Los_Angeles"
    assert viewer_of(ben).time_zone == "UTC"
    assert differences(record).is_empty()


def test_enrolment_that_began_with_a_day_begins_with_the_same_day(record: Record) -> None:
    elm, ada, _ = school_of_one(record, "Elm", "ada")
    _, ben, _ = school_of_one(record, "Oak", "ben")
    with record.writing() as tx:
        set_time_zone(tx, [elm], "America/Los_Angeles", NOW)
    since = dict(rows(record, select(Enrolment.user_id, Enrolment.enrolled_at)))
    assert since == {ada: datetime(2026, 3, 2, 8, tzinfo=UTC), ben: datetime(2026, 3, 2, tzinfo=UTC)}
    with record.writing() as tx:
        set_time_zone(tx, [elm], "Asia/Tokyo", NOW)
    assert rows(record, select(Enrolment.enrolled_at).where(Enrolment.user_id == ada)) == [
        (datetime(2026, 3, 1, 15, tzinfo=UTC),)
    ]


def test_enrolment_that_a_person_began_at_some_moment_keeps_it(record: Record) -> None:
    elm, _, course_id = school_of_one(record, "Elm", "ada")
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with record.writing() as tx:
        other = add_user(tx, "cy", username="cy", school_id=elm, roles=["student"])
        enrol(tx, [other], course_id, moment)
        set_time_zone(tx, [elm], "America/Los_Angeles", NOW)
    assert rows(record, select(Enrolment.enrolled_at).where(Enrolment.user_id == other)) == [(moment,)]


def test_class_begins_at_its_own_schools_midnight(record: Record) -> None:
    elm, _, course_id = school_of_one(record, "Elm", "ada")
    with record.writing() as tx:
        set_time_zone(tx, [elm], "America/Los_Angeles", NOW)
        turing = add_user(tx, "Turing", username="turing", school_id=elm, roles=["teacher"])
        newcomer = add_user(tx, "Dee", username="dee", school_id=elm, roles=["student"])
        class_id = add_class(tx, "7b", course_id, school_id=elm)
        teach_class(tx, class_id, turing, date(2026, 3, 1))
        join_class(tx, class_id, [newcomer], date(2026, 3, 12))
    before, midnight = datetime(2026, 3, 12, 6, 59, tzinfo=UTC), datetime(2026, 3, 12, 7, tzinfo=UTC)  # summer time
    follow_due(before)
    assert (newcomer in viewer_of(turing, before).learner_ids, newcomer in viewer_of(turing, midnight).learner_ids) == (
        False,
        True,
    )
    enrolled = select(Enrolment.enrolled_at).where(Enrolment.user_id == newcomer)
    assert rows(record, enrolled) == []
    follow_due(midnight)
    assert rows(record, enrolled) == [(midnight,)]


def test_name_that_is_no_time_zone_is_refused_and_changes_nothing(record: Record) -> None:
    elm, _, _ = school_of_one(record, "Elm", "ada")
    with pytest.raises(UnknownTimeZone, match="Mars/Olympus"), record.writing() as tx:
        set_time_zone(tx, [elm], "Mars/Olympus", NOW)
    assert rows(record, select(School.time_zone)) == [("UTC",)]


def test_change_is_in_the_audit_trail_once(record: Record) -> None:
    elm, _, _ = school_of_one(record, "Elm", "ada")
    for _ in range(2):
        with record.writing() as tx:
            set_time_zone(tx, [elm], "Europe/Paris", NOW)
    [(details,)] = rows(record, select(AuditEntry.details).where(AuditEntry.kind == "school.changed"))
    assert "Europe/Paris" in str(details)


def test_every_time_zone_to_choose_from_is_known_to_the_mirror(record: Record) -> None:
    current_mirror().refresh()
    known = {name for (name,) in current_mirror().cursor().execute("select name from pg_timezone_names()").fetchall()}
    assert set(time_zones()) - known == set()
    assert {"UTC", "America/Los_Angeles", "Europe/London", "Asia/Kolkata", "Pacific/Auckland"} <= set(time_zones())


def test_school_is_found_by_number_id_and_name_and_with_what_is_below_it(record: Record) -> None:
    with record.writing() as tx:
        district = add_school(tx, "District", external_id="d")
        elm = add_school(tx, "Elm", external_id="s1")
        annex = add_school(tx, "Annex")
        for child, parent in ((elm, district), (annex, elm)):
            tx.execute(School.__table__.update().where(School.id == child).values(parent_id=parent))  # type: ignore[attr-defined]
    with record.reading() as connection:
        assert [school_named(connection, word).school_id for word in ("s1", str(elm), "Elm")] == [elm] * 3
        assert [one.school_id for one in schools_below(schools(connection), district)] == [elm, annex]
        with pytest.raises(UnknownSchool, match="Birch"):
            school_named(connection, "Birch")
