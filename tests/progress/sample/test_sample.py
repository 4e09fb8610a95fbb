"""The sample school: the same every time, believable, and right by the record's own check."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from struct import unpack
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, func, select, text

from data.models import Module, ProgressEvent, School, User
from data.record import Record
from progress.people.accounts import add_user
from progress.people.sign_in import sign_in, signed_in_user
from progress.recording.rebuild import differences
from progress.sample.school import (
    CLIPS,
    SAMPLE_ACCOUNTS,
    SAMPLE_PASSWORD,
    RecordHoldsPeople,
    load_sample,
    sample_is_loaded,
)

LONDON = ZoneInfo("Europe/London")
TODAY = datetime.now(LONDON).date()
MIDNIGHT = datetime.combine(TODAY, datetime.min.time(), LONDON).astimezone(UTC)


def rows(record: Record, statement: str, **parameters: Any) -> list[Row[Any]]:
    with record.reading() as connection:
        return list(connection.execute(text(statement), parameters).all())


def test_sample_loads_once_with_right_rows_and_accounts_that_sign_in(record: Record) -> None:
    assert not sample_is_loaded()
    load_sample(record)
    assert sample_is_loaded()
    assert differences(record).rows() == []
    names = {}
    for username, _ in SAMPLE_ACCOUNTS:
        user_id = signed_in_user(sign_in(username, SAMPLE_PASSWORD, "127.0.0.1"))
        with record.reading() as connection:
            names[username] = connection.scalar(select(User.full_name).where(User.id == user_id))
    assert names == {
        "student": "Amara Okafor",
        "teacher": "Helen Marsh",
        "parent": "Ngozi Okafor",
        "admin": "Priya Nair",
    }


def test_sample_stays_out_of_a_record_that_holds_people(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell")
    with pytest.raises(RecordHoldsPeople) as refusal:
        load_sample(sqlite_record)
    assert refusal.value.people_count == 1
    assert not sample_is_loaded()
    assert rows(sqlite_record, "select full_name from users") == [("Ann Bell",)]
    assert rows(sqlite_record, "select count(*) from courses") == [(0,)]


def test_same_day_gives_the_same_rows(school: Record, sqlite_record: Record) -> None:
    load_sample(sqlite_record, TODAY)
    for table in ("progress_events", "module_progress", "unit_progress", "course_progress", "enrolments", "guardians"):
        columns = [column for column in _columns(school, table) if column != "changed_in"]
        statement = f"select {', '.join(columns)} from {table} order by {', '.join(columns)}"
        assert rows(sqlite_record, statement) == rows(school, statement), table


def test_another_day_moves_the_term_with_it(school: Record, sqlite_record: Record) -> None:
    four_weeks_earlier = TODAY - timedelta(weeks=4)
    load_sample(sqlite_record, four_weeks_earlier)
    statement = "select distinct starts_on, ends_on from courses"
    assert _dates(sqlite_record, statement) == [day - timedelta(weeks=4) for day in _dates(school, statement)]
    with sqlite_record.reading() as connection:
        latest = connection.scalar(select(func.max(ProgressEvent.occurred_at)))
    assert latest is not None
    assert timedelta(0) <= MIDNIGHT - timedelta(weeks=4) - latest < timedelta(days=4)


def test_school_has_the_size_of_a_small_school(school: Record) -> None:
    roles = rows(school, "select role, count(*) from user_roles group by role order by role")
    assert roles == [("administrator", 1), ("parent", 45), ("student", 98), ("teacher", 3)]
    classes = (
        "select name, count(*) from classes join class_learners on class_id = classes.id group by name order by name"
    )
    assert rows(school, classes) == [
        ("8A Science", 26),
        ("8B Science", 24),
        ("8M Mathematics", 25),
        ("9C History", 25),
    ]
    [(events,)] = rows(school, "select count(*) from progress_events")
    assert 6_000 <= events <= 9_000
    with school.reading() as connection:
        assert connection.execute(select(School.name, School.time_zone)).all() == [
            ("Alder Grove School", "Europe/London")
        ]


def test_every_person_has_a_name_of_their_own(school: Record) -> None:
    assert rows(school, "select full_name from users group by full_name having count(*) > 1") == []


def test_only_the_four_accounts_can_sign_in(school: Record) -> None:
    able = "select username from users where username is not null or password_hash is not null order by username"
    assert rows(school, able) == [("admin",), ("parent",), ("student",), ("teacher",)]


def test_courses_have_units_with_modules_of_all_kinds(school: Record) -> None:
    per_course = "select course_id, count(*) from units group by course_id"
    per_unit = "select unit_id, count(*) from modules group by unit_id"
    kinds = "select distinct kind from modules order by kind"
    assert {count for _, count in rows(school, per_course)} == {5, 6}
    assert {count for _, count in rows(school, per_unit)} <= {4, 5, 6, 7, 8}
    every_kind = ["activity", "assignment", "exam", "lecture", "quiz", "reading"]
    assert [kind for (kind,) in rows(school, kinds)] == every_kind
    short = "select title from modules where kind = 'lecture' and duration_seconds < 400 order by title"
    assert [title for (title,) in rows(school, short)] == ["Equivalent fractions", "Sound as a wave"]  # the two clips


def test_two_lectures_have_a_clip_as_long_as_they_are_with_captions(school: Record) -> None:
    with_video = "select media_url, duration_seconds from modules where media_url is not null order by media_url"
    videos = dict(map(tuple, rows(school, with_video)))
    assert list(videos) == ["/clips/equivalent-fractions.mp4", "/clips/sound-as-a-wave.mp4"]
    for path, duration in videos.items():
        clip = CLIPS / Path(path).name
        assert _length(clip.read_bytes()) == duration
        assert clip.stat().st_size <= 500_000
        assert clip.with_suffix(".vtt").read_text().startswith("WEBVTT\n")


def test_some_modules_are_optional_upcoming_retired_or_new(school: Record) -> None:
    with school.reading() as connection:
        modules = connection.execute(select(Module.__table__)).all()
    now = datetime.now(UTC)
    assert sum(not module.is_required for module in modules) == 7
    assert sum(module.published_at > now for module in modules) == 4
    assert sum(module.retired_at is not None for module in modules) == 2
    assert [m.title for m in modules if now > m.published_at > now - timedelta(days=7)] == ["Where to go from here"]


def test_teacher_account_teaches_two_classes(school: Record) -> None:
    taught = """select classes.name from class_teachers join classes on classes.id = class_id
                join users on users.id = user_id where username = 'teacher' order by classes.name"""
    assert rows(school, taught) == [("8A Science",), ("8B Science",)]


def test_parent_account_has_two_children_in_different_classes(school: Record) -> None:
    children = """select children.full_name, classes.name from guardians
                  join users parents on parents.id = guardian_id join users children on children.id = learner_id
                  join class_learners on user_id = learner_id join classes on classes.id = class_id
                  where parents.username = 'parent' order by 1, 2"""
    assert rows(school, children) == [
        ("Amara Okafor", "8A Science"),
        ("Amara Okafor", "8M Mathematics"),
        ("Chidi Okafor", "9C History"),
    ]


def test_one_teacher_is_also_a_parent(school: Record) -> None:
    both = """select full_name from users join user_roles on user_id = id group by full_name
              having count(*) > 1"""
    assert rows(school, both) == [("Daniel Osei",)]


def _length(mp4: bytes) -> float:
    """How many seconds a video lasts, as its movie header says: units per second, then the length in them."""
    header = mp4.index(b"mvhd") + 4
    units_per_second, length = unpack(">II", mp4[header + 12 : header + 20])
    return float(length / units_per_second)


def _columns(record: Record, table: str) -> list[str]:
    return [row.name for row in rows(record, f"select name from pragma_table_info('{table}')")]


def _dates(record: Record, statement: str) -> list[date]:
    return [date.fromisoformat(value) for row in rows(record, statement) for value in row]
