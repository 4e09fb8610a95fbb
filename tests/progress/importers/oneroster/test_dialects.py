"""Rosters as systems and spreadsheets really write them: the smallest case of each kind, and the kind around it."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.models import ClassLearner, Course, School, SchoolClass, User
from data.record import Record
from data.settings import PROJECT
from progress.importers.oneroster.importing import import_oneroster
from progress.importers.shared.csv_text import CsvText
from progress.importers.shared.report import ImportReport
from tests.progress.importers.oneroster.packages import (
    NOW,
    csv_bytes,
    enrollment,
    imported,
    manifest,
    only,
    packed,
    small_school,
)
from tests.progress.importers.oneroster.roster_rows import enrolments, guardians, parents_of_schools, stretches
from tests.progress.importers.stored import everything, rows

CLEAN = [
    "base11",
    "r01_enabled_TRUE",
    "r02_manifest_empty_value",
    "r11_blank_comma_rows",
    "r11b_blank_comma_rows_enrollments",
]
CLEAN += ["r12_two_unnamed_columns", "r20b_second_org_unknown", "r24_parent_org_not_in_export"]
CLEAN += ["r25b_one_of_two_agents_not_exported"]
LEFT_OUT = {
    "r20b_second_org_unknown": "users.csv",
    "r24_parent_org_not_in_export": "orgs.csv",
    "r25b_one_of_two_agents_not_exported": "users.csv",
}


def case(name: str) -> Path:
    folder = Path(os.environ.get("WAYMARK_SHARED") or PROJECT.parent / "shared")
    path = folder / "cases" / "oneroster" / f"{name}.zip"
    if not path.is_file():
        pytest.skip(f"The case is not at {path}; WAYMARK_SHARED says where the folder of cases is")
    return path


@pytest.mark.parametrize("name", CLEAN)
def test_case_that_people_reported_is_imported_like_the_good_one(record: Record, name: str) -> None:
    report = import_oneroster(record, case(name))
    assert (report.refused_count, report.is_applied) == (0, True)
    people = rows(record, select(User.external_id, User.is_active))
    assert sorted(people) == [(person, True) for person in ("P1", "S1", "S2", "S3", "S4", "T1", "T2")]
    assert enrolments(record) == {(person, "c1"): "active" for person in ("S1", "S2", "S3", "S4")}
    assert guardians(record) == {("P1", "S1"): ("parent", True)}
    schools = {"s1": None} if name.startswith("r24") else {"d1": None, "s1": "d1"}
    assert parents_of_schools(record) == schools
    link = "1 link leads to something that is not in the export. It was left out."
    assert [note for note in report.notes if "left out" in note] == [
        f"{file}: {link}" for case_name, file in LEFT_OUT.items() if case_name == name
    ]
    assert import_oneroster(record, case(name)).changed_count == 0


@pytest.mark.parametrize("name", LEFT_OUT)
def test_reference_that_is_not_in_the_export_is_refused_where_that_is_asked_for(record: Record, name: str) -> None:
    report = import_oneroster(record, case(name), strict=True)
    assert not report.is_applied
    assert LEFT_OUT[name] in {refusal.file for refusal in report.refusals}


def test_date_that_can_be_read_two_ways_is_refused_by_its_row(record: Record) -> None:
    report = import_oneroster(record, case("r03b_us_begin_date"))
    assert not report.is_applied
    assert str(report.refusals[0]) == (
        "enrollments.csv, line 2: beginDate is “9/1/2026”, which may be 2026-09-01 or 2026-01-09; write it so"
    )
    assert everything(record)["users"] == []


@pytest.mark.parametrize("text", ["9/30/2025", "30/9/2025", "30.9.2025", "09-30-2025", "2025-09-30"])
def test_date_that_can_be_read_one_way_only_is_read(record: Record, text: str) -> None:
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = text
    assert imported(record, files).is_applied
    [(joined_on, _)] = stretches(record, ClassLearner)["7a", "ada"]
    assert joined_on.isoformat() == "2025-09-30"


@pytest.mark.parametrize("text", ["9/9/2025"])
def test_date_whose_two_readings_are_one_is_read(record: Record, text: str) -> None:
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = text
    assert imported(record, files).is_applied


@pytest.mark.parametrize("text", ["13/13/2025", "9/31/2025", "9/30/25", "0/30/2025"])
def test_date_that_is_none_is_refused(record: Record, text: str) -> None:
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = text
    assert not imported(record, files).is_applied


@pytest.mark.parametrize(
    ("word", "is_active"),
    [("TRUE", True), ("True", True), ("1", True), ("FALSE", False), ("False", False), ("0", False)],
)
def test_booleans_may_be_written_as_spreadsheets_do(record: Record, word: str, is_active: bool) -> None:
    files = small_school()
    only(files, "users", "ben")["enabledUser"] = word
    imported(record, files)
    assert rows(record, select(User.is_active).where(User.external_id == "ben")) == [(is_active,)]


def test_value_in_a_column_without_a_name_is_refused() -> None:
    text = CsvText("users.csv", b"id,,name,,\na,,Ann\nb,,Ben,,\nc,lost,Cy,,\nd,,Dee,,lost\ne,,Eve,,,lost\nf,\n")
    found, ragged = text.read(["id", "name"])
    assert found["name"].to_list() == ["Ann", "Ben"]
    nameless = "a value stands in a column without a name"
    assert ragged.rows() == [
        (4, nameless),
        (5, nameless),
        (6, "the row has 6 values, the header names 3 columns"),
        (7, "the row has 2 values, the header names 3 columns"),
    ]


def test_manifest_without_a_word_on_a_file_that_is_there_means_all_of_it(record: Record) -> None:
    names = {**dict.fromkeys(small_school(), "bulk"), "users": "", "results": ""}
    report = import_oneroster(record, packed(small_school(), replaced={"manifest.csv": manifest(names)}), now=NOW)
    assert report.is_applied
    assert report.notes[:2] == [
        "manifest.csv does not say what users.csv is; it was taken as bulk.",
        "manifest.csv does not say what results.csv is; it was taken as absent.",
    ]


def soiled(record: Record, name: str, sourced_id: str, **values: str) -> ImportReport:
    files = small_school()
    only(files, name, sourced_id).update(values)
    report = imported(record, files)
    assert (report.refused_count, report.is_applied) == (0, True)
    return report


@pytest.mark.parametrize(
    ("name", "sourced_id", "values", "model", "column"),
    [
        ("users", "ada", {"orgSourcedIds": "moon"}, User, User.school_id),
        ("courses", "art", {"orgSourcedId": "moon"}, Course, Course.school_id),
        ("courses", "art", {"schoolYearSourcedId": "never"}, Course, Course.starts_on),
        ("classes", "7c", {"schoolSourcedId": "moon"}, SchoolClass, SchoolClass.school_id),
        ("orgs", "school", {"parentSourcedId": "moon"}, School, School.parent_id),
    ],
)
def test_row_stays_without_the_link_to_what_is_not_there(
    record: Record, name: str, sourced_id: str, values: dict[str, str], model: Any, column: Any
) -> None:
    report = soiled(record, name, sourced_id, **values)
    assert rows(record, select(column).where(model.external_id == sourced_id)) == [(None,)]
    [(field, named)] = values.items()
    [reason] = report.lines.filter(file=f"{name}.csv", subject=sourced_id)["reason"]
    assert f"“{named}” is not in the export and was left out" in reason
    assert field in reason


def test_first_organisation_that_is_there_is_the_school(record: Record) -> None:
    soiled(record, "users", "ada", orgSourcedIds="moon,school,district")
    school = select(School.external_id).join(User, User.school_id == School.id).where(User.external_id == "ada")
    assert rows(record, school) == [("school",)]


@pytest.mark.parametrize(("class_id", "person"), [("7z", "ada"), ("7a", "nobody")])
def test_enrolment_of_someone_or_somewhere_not_in_the_export_is_left_out(
    record: Record, class_id: str, person: str
) -> None:
    files = small_school()
    files["enrollments"].append(enrollment(class_id, person, "student"))
    report = imported(record, files)
    assert report.is_applied
    assert report.notes[-1] == (
        "enrollments.csv: 1 link leads to something that is not in the export. It was left out."
    )
    assert report.lines.filter(file="enrollments.csv", line=7)["outcome"].to_list() == ["ignored"]


def test_rows_of_nothing_but_commas_are_no_rows_in_any_file(record: Record) -> None:
    blank = {
        f"{name}.csv": csv_bytes(listed) + b",,\r\n" + b" ," * (len(listed[0]) - 1) + b"\r\n"
        for name, listed in small_school().items()
    }
    assert import_oneroster(record, packed(small_school(), replaced=blank), now=NOW).is_applied


@pytest.mark.parametrize("column", ["metadata.timeZone", "metadata.timezone", "metadata.time_zone"])
def test_time_zone_that_the_roster_names_is_the_schools_and_of_what_belongs_to_it(record: Record, column: str) -> None:
    files = small_school()
    for org in files["orgs"]:
        org[column] = "America/Denver" if org["sourcedId"] == "district" else ""
    imported(record, files)
    zones = select(School.external_id, School.time_zone)
    assert dict(rows(record, zones)) == {"district": "America/Denver", "school": "America/Denver"}
    only(files, "orgs", "school")[column] = "America/Phoenix"
    assert imported(record, files).tallies["schools"].updated == 1
    assert dict(rows(record, zones)) == {"district": "America/Denver", "school": "America/Phoenix"}
    only(files, "orgs", "school")[column] = "Mountain"
    report = imported(record, files)
    assert dict(rows(record, zones))["school"] == "America/Phoenix"
    [reason] = report.lines.filter(file="orgs.csv", subject="school")["reason"]
    assert reason == "the time zone “Mountain” is none that is known here"
