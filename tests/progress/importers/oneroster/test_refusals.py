"""Dirty packages: the report names file, line and reason, and the record stays as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.models import ClassLearner, User
from data.record import Record
from progress.importers.oneroster.importing import import_oneroster
from progress.importers.shared.report import CannotImport
from tests.progress.importers.oneroster.packages import (
    NOW,
    Files,
    csv_bytes,
    enrollment,
    imported,
    manifest,
    only,
    packed,
    small_school,
    user,
    zipped,
)
from tests.progress.importers.oneroster.roster_rows import standing
from tests.progress.importers.stored import everything, rows


def renamed(files: Files, name: str, column: str, other: str) -> Files:
    """The files with one column spelt differently."""
    spelt = [{other if key == column else key: value for key, value in row.items()} for row in files[name]]
    return {**files, name: spelt}


def without(files: Files, name: str, column: str) -> Files:
    return {**files, name: [{key: value for key, value in row.items() if key != column} for row in files[name]]}


SCHOOL = small_school()
ALL_BULK = dict.fromkeys(SCHOOL, "bulk")

WHOLE_PACKAGES = [
    (b"not a zip", "This is not a ZIP file."),
    (packed(SCHOOL)[:-200], "The ZIP file is damaged or cut off."),
    (zipped({"users.csv": b"\0" * 30_000_000}), "Unpacked, the ZIP file would be larger than 500 MB"),
    (zipped({"Manifest.csv": b"x"}), "The package has no manifest.csv. Is “Manifest.csv” meant for it?"),
    (packed(SCHOOL, version="1.0"), "manifest.csv, line 3: oneroster.version is “1.0”; 1.1 and 1.2 can be read."),
    (packed(SCHOOL, mode="all"), "manifest.csv, line 4: file.orgs is “all”, not one of absent, bulk, delta."),
    (
        packed(SCHOOL, replaced={"manifest.csv": b"propertyName,value\noneroster.version\n"}),
        "manifest.csv, line 2: the row has 1 values, the header names 2 columns.",
    ),
    (
        packed(SCHOOL, replaced={"manifest.csv": b"property,value\n"}),
        "manifest.csv, line 1: the column “propertyName” is missing.",
    ),
    (
        zipped({"manifest.csv": manifest({"users": "bulk"}), "user.csv": b"x"}),
        "manifest.csv says that users.csv is there (bulk), but the package lacks it. Is “user.csv” meant for it?",
    ),
    (
        packed(SCHOOL, replaced={"manifest.csv": manifest({**ALL_BULK, "users": "absent"})}),
        "users.csv is in the package, but manifest.csv does not announce it as bulk or delta.",
    ),
    (
        packed(renamed(small_school(), "users", "givenName", "givenname")),
        "users.csv, line 1: the column “givenName” is missing. Is “givenname” meant for it?",
    ),
    (
        packed(renamed(small_school(), "users", "agentSourcedIds", "agentSourcedId")),
        "users.csv, line 1: there is no column “agentSourcedId”; is “agentSourcedIds” meant?",
    ),
    (packed(without(small_school(), "classes", "title")), "classes.csv, line 1: the column “title” is missing."),
    (
        packed(SCHOOL, replaced={"orgs.csv": b"sourcedId,sourcedId\n"}),
        "orgs.csv, line 1: the column “sourcedId” is there more than once.",
    ),
    (packed(SCHOOL, replaced={"orgs.csv": b""}), "orgs.csv is empty; its first line must name its columns."),
    (
        packed(SCHOOL, replaced={"users.csv": csv_bytes(SCHOOL["users"]) + "Ren\u00e9".encode("latin-1")}),
        "users.csv, line 9: the byte 0xE9 is not UTF-8.",
    ),
    (
        packed(SCHOOL, replaced={"users.csv": csv_bytes(SCHOOL["users"]).replace(b"ben,", b'"ben,', 1)}),
        "users.csv, line 3: a quotation mark",
    ),
]


@pytest.mark.parametrize(("data", "words"), WHOLE_PACKAGES, ids=[words[:50] for _, words in WHOLE_PACKAGES])
def test_package_that_cannot_be_read_is_told_and_leaves_the_record_as_it_was(
    sqlite_record: Record, data: bytes, words: str
) -> None:
    imported(sqlite_record, small_school())
    before = everything(sqlite_record)
    with pytest.raises(CannotImport) as caught:
        import_oneroster(sqlite_record, data, now=NOW)
    assert str(caught.value).startswith(words)
    assert everything(sqlite_record) == before


def put(name: str, sourced_id: str, **values: str) -> Callable[[Files], None]:
    return lambda files: only(files, name, sourced_id).update(values)


def add(name: str, row: dict[str, str]) -> Callable[[Files], None]:
    return lambda files: files[name].append(row)


ROWS: list[tuple[Callable[[Files], None], list[str]]] = [
    (
        put("enrollments", "7a-ada-student", beginDate="2025-13-01"),
        ["enrollments.csv, line 2: beginDate is “2025-13-01”, not a date such as 2025-08-15"],
    ),
    (
        put("enrollments", "7a-ada-student", beginDate="01/09/2025", role="pupil"),
        [
            "enrollments.csv, line 2: role is “pupil”, not one of administrator, aide, proctor, student, teacher; "
            "beginDate is “01/09/2025”, which may be 2025-01-09 or 2025-09-01; write it so"
        ],
    ),
    (
        put("enrollments", "7a-ada-student", endDate="2025-08-31"),
        ["enrollments.csv, line 2: endDate 2025-08-31 is before beginDate 2025-09-01"],
    ),
    (
        put("academicSessions", "autumn", endDate="2025-08-01"),
        ["academicSessions.csv, line 2: endDate 2025-08-01 is before startDate 2025-08-15"],
    ),
    (put("orgs", "district", dateLastModified="soon"), ["orgs.csv, line 3: dateLastModified is “soon”, not a time"]),
    (put("users", "ada", enabledUser="yes"), ["users.csv, line 2: enabledUser is “yes”, neither true nor false"]),
    (put("users", "ada", givenName=" "), ["users.csv, line 2: givenName is missing"]),
    (put("users", "ada", familyName="Love\nlace"), ["users.csv, line 2: familyName contains a line break"]),
    (put("users", "ada", familyName="x" * 1_001), ["users.csv, line 2: familyName is longer than 1,000 characters"]),
    (put("users", "ada", status="deleted"), ["users.csv, line 2: status is “deleted”, not one of active, tobedeleted"]),
    (put("users", "ada", agentSourcedIds="mum,dad"), ["users.csv, line 2: agentSourcedIds: “dad” is unknown"]),
    (put("users", "ada", agentSourcedIds="ada"), ["users.csv, line 2: agentSourcedIds names the user itself"]),
    (put("users", "ada", orgSourcedIds="moon"), ["users.csv, line 2: orgSourcedIds: “moon” is unknown"]),
    (put("classes", "7c", termSourcedIds="never"), ["classes.csv, line 4: termSourcedIds: “never” is unknown"]),
    (put("classes", "7c", courseSourcedId="x"), ["classes.csv, line 4: courseSourcedId “x” is unknown"]),
    (put("courses", "art", orgSourcedId="x"), ["courses.csv, line 3: orgSourcedId “x” is unknown"]),
    (put("orgs", "district", parentSourcedId="school"), ["orgs.csv, line 2: parentSourcedId leads back to this row"]),
    (
        add("enrollments", enrollment("7z", "ada", "student")),
        ["enrollments.csv, line 7: classSourcedId “7z” is unknown or was refused"],
    ),
    (
        add("enrollments", enrollment("7a", "nobody", "student")),
        ["enrollments.csv, line 7: userSourcedId “nobody” is unknown or was refused"],
    ),
    (
        add("enrollments", enrollment("7a", "mum", "teacher")),
        ["enrollments.csv, line 7: user “mum” has not the role teacher or administrator"],
    ),
    (add("users", user("ada", "student")), ["users.csv, line 9: sourcedId “ada” stands on line 2 already"]),
]


@pytest.mark.parametrize(("soil", "told"), ROWS, ids=[told[0][:70] for _, told in ROWS])
def test_refused_row_is_told_and_leaves_the_record_as_it_was(
    sqlite_record: Record, soil: Callable[[Files], None], told: list[str]
) -> None:
    imported(sqlite_record, small_school())
    before = everything(sqlite_record)
    files = small_school()
    files["users"][1]["givenName"] = "Benjamin"  # a change that would be made
    soil(files)
    report = imported(sqlite_record, files, strict=True)
    assert not report.is_applied
    for words, refusal in zip(told, report.refusals, strict=False):
        assert str(refusal).startswith(words)
    assert report.notes[-1].startswith("Nothing was changed. Put ")
    assert everything(sqlite_record) == before


def test_dirty_package_leaves_an_empty_record_empty(record: Record) -> None:
    files = small_school()
    only(files, "users", "ada")["enabledUser"] = "yes"
    report = imported(record, files)
    assert [str(refusal) for refusal in report.refusals] == [
        "enrollments.csv, line 2: userSourcedId “ada” is unknown or was refused",
        "users.csv, line 2: enabledUser is “yes”, neither true nor false",
    ]
    assert rows(record, select(func.count()).select_from(User)) == [(0,)]


def test_good_rows_are_applied_when_refused_ones_are_to_be_left_out(record: Record) -> None:
    imported(record, small_school())
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = "soon"
    only(files, "users", "ben")["givenName"] = "Benjamin"
    report = imported(record, files, skip_refused=True)
    assert (report.is_applied, report.refused_count) == (True, 1)
    assert ("7a", "ada") in standing(record)  # a row that cannot be read does not end what it was to confirm
    assert rows(record, select(User.full_name).where(User.external_id == "ben")) == [("Benjamin Elm",)]


def test_children_of_a_refused_organisation_are_refused_too(sqlite_record: Record) -> None:
    files = small_school()
    only(files, "orgs", "district")["type"] = "planet"
    told = [str(refusal) for refusal in imported(sqlite_record, files).refusals]
    assert "orgs.csv, line 2: parentSourcedId “district” is unknown or was refused" in told
    assert any(words.startswith("orgs.csv, line 3: type is “planet”, not one of department") for words in told)


def test_value_of_a_column_with_a_stranger_s_name_is_not_read_and_the_name_is_told(sqlite_record: Record) -> None:
    files = small_school()
    for row in files["users"]:
        row |= {"favouriteDish": "soup", "metadata.locker": "12"}
    report = imported(sqlite_record, files)
    assert report.notes == ["users.csv: the column “favouriteDish” is none of the standard's and was not read."]


def test_files_that_no_roster_has_are_named(sqlite_record: Record) -> None:
    report = import_oneroster(sqlite_record, packed(small_school(), replaced={"notes.txt": b"x"}), now=NOW)
    assert report.notes == ["notes.txt is no file of OneRoster 1.1 and was not read."]


def test_package_in_a_folder_is_read(sqlite_record: Record, tmp_path: Path) -> None:
    members = {f"roster/{name}.csv": csv_bytes(listed) for name, listed in small_school().items()}
    path = tmp_path / "roster.zip"
    path.write_bytes(zipped({"roster/manifest.csv": manifest(ALL_BULK), **members}))
    assert import_oneroster(sqlite_record, path, now=NOW).is_applied
    assert rows(sqlite_record, select(func.count()).select_from(ClassLearner)) == [(3,)]
