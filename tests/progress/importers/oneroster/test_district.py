"""The real district of the public data set, held against its CSV files as the standard library reads them."""

import csv
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.oulad_import import real_data
from data.models import ClassLearner, ClassTeacher, Course, CourseProgress, SchoolClass, User
from data.record import Record
from data.source_rows import Tally
from progress.importers.oneroster.importing import import_oneroster
from progress.recording.rebuild import differences
from tests.progress.importers.oneroster.roster_rows import (
    enrolments,
    memberships,
    open_roles,
    parents_of_schools,
    standing,
)
from tests.progress.importers.stored import everything, rows

IN_THE_YEAR = datetime(2026, 1, 10, tzinfo=UTC)
AFTER_IT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def district() -> Path:
    path = real_data() / "oneroster" / "district_v1p1.zip"
    if not path.is_file():
        pytest.skip(f"The district is not at {path}; WAYMARK_REAL_DATA says where real data is")
    return path


@pytest.fixture(scope="module")
def source(district: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(district) as archive:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(TextIOWrapper(archive.open(name), "utf-8")))
            for name in archive.namelist()
        }


def test_district_comes_whole_and_a_second_time_changes_nothing(
    record: Record, district: Path, source: dict[str, list[dict[str, str]]]
) -> None:
    first = import_oneroster(record, district, now=IN_THE_YEAR)
    assert (first.refused_count, first.is_applied) == (0, True)
    _compare(record, source)
    assert differences(record).is_empty()
    before = everything(record)
    again = import_oneroster(record, district, now=IN_THE_YEAR)
    assert everything(record) == before
    assert {tally for tally in again.tallies.values() if tally.unchanged == 0} == {Tally()}  # there are no guardians
    assert again.changed_count == 0
    assert set(again.lines["outcome"]) == {"unchanged"}


def _compare(record: Record, source: dict[str, list[dict[str, str]]]) -> None:
    assert parents_of_schools(record) == {o["sourcedId"]: o["parentSourcedId"] or None for o in source["orgs"]}
    assert open_roles(record) == {u["sourcedId"]: {u["role"]} for u in source["users"]}
    classes = select(SchoolClass.external_id, SchoolClass.name, Course.external_id).join(Course)
    told = {(c["sourcedId"], c["title"], c["courseSourcedId"]) for c in source["classes"]}
    assert set(rows(record, classes)) == told
    listed = {role: _listed(source, role) for role in ("student", "teacher")}
    assert standing(record) == listed["student"]
    assert set(memberships(record, ClassTeacher)) == listed["teacher"]
    of_course = {school_class: course for school_class, _, course in told}
    expected = {(person, of_course[school_class]) for school_class, person in listed["student"]}
    assert enrolments(record) == dict.fromkeys(expected, "active")
    assert rows(record, select(func.count()).select_from(CourseProgress)) == [(len(expected),)]


def _listed(source: dict[str, list[dict[str, str]]], role: str) -> set[tuple[str, str]]:
    return {(e["classSourcedId"], e["userSourcedId"]) for e in source["enrollments"] if e["role"] == role}


def test_people_of_the_district_get_their_names_and_usernames_and_no_password(
    sqlite_record: Record, district: Path, source: dict[str, list[dict[str, str]]]
) -> None:
    import_oneroster(sqlite_record, district, now=IN_THE_YEAR)
    told = rows(sqlite_record, select(User.external_id, User.full_name, User.password_hash, User.is_active))
    assert set(told) == {(u["sourcedId"], f"{u['givenName']} {u['familyName']}", None, True) for u in source["users"]}
    asked = Counter(u["username"].lower() for u in source["users"] if u["username"])
    given = [name for (name,) in rows(sqlite_record, select(User.username)) if name]
    assert sorted(given) == sorted(asked)  # who asks for a taken one has none


def test_after_its_last_day_the_year_is_over_and_nobody_has_dropped_out(sqlite_record: Record, district: Path) -> None:
    report = import_oneroster(sqlite_record, district, now=AFTER_IT)
    assert "enrollments.csv: 5,810 rows are over, their endDate has passed." in report.notes
    ends = set(memberships(sqlite_record, ClassLearner).values())
    assert ends == {date(2026, 6, 11)}
    assert set(enrolments(sqlite_record).values()) == {"active"}


def test_preview_of_the_district_says_what_importing_does_and_changes_nothing(
    sqlite_record: Record, district: Path
) -> None:
    before = everything(sqlite_record)
    preview = import_oneroster(sqlite_record, district, now=IN_THE_YEAR, preview=True)
    assert everything(sqlite_record) == before
    assert not preview.is_applied
    applied = import_oneroster(sqlite_record, district, now=IN_THE_YEAR)
    assert applied.is_applied
    assert preview.tallies == applied.tallies
    assert preview.lines.equals(applied.lines)


def test_nothing_of_the_demographics_is_kept(sqlite_record: Record, district: Path) -> None:
    report = import_oneroster(sqlite_record, district, now=IN_THE_YEAR)
    assert report.notes == ["demographics.csv: 778 rows, of which nothing is stored here."]
    assert "demographics.csv" not in set(report.lines["file"])
