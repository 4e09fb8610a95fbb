"""Packages of 1.2: roles in a file of their own, preferred names, guardians, and profiles that are only checked."""

from typing import Any

from sqlalchemy import select

from data.models import School, User
from data.record import Record
from progress.importers.shared.report import ImportReport
from tests.progress.importers.oneroster.packages import (
    Files,
    Row,
    changed,
    gone,
    imported,
    only,
    row,
    small_school,
)
from tests.progress.importers.oneroster.roster_rows import guardians, open_roles, standing
from tests.progress.importers.stored import everything, rows

ROLES = {
    "ada": "student",
    "ben": "student",
    "cy": "student",
    "turing": "teacher",
    "head": "principal",
    "mum": "guardian",
    "aide": "counselor",
}


def role(user_id: str, name: str, role_type: str = "primary", /, **values: str) -> Row:
    given = {"userSourcedId": user_id, "roleType": role_type, "role": name, "beginDate": "", "endDate": ""}
    return row(f"{user_id}-{name}", **{**given, "orgSourcedId": "school", "userProfileSourcedId": "", **values})


def profile(user_id: str, **values: str) -> Row:
    given = {"userSourcedId": user_id, "profileType": "Login", "vendorId": "maker", "applicationId": "app"}
    more = {"description": "", "credentialType": "password", "username": user_id, "password": "profile-secret"}
    return row(f"profile-{user_id}", **{**given, **more, **values})


def newer_school() -> Files:
    """The small school as 1.2 tells it."""
    files = small_school()
    for person in files["users"]:
        del person["orgSourcedIds"], person["role"]
        person |= {
            "userMasterIdentifier": "",
            "resourceSourcedIds": "",
            "preferredGivenName": "",
            "preferredMiddleName": "",
            "preferredFamilyName": "",
            "primaryOrgSourcedId": "",
            "pronouns": "they",
        }
    files["roles"] = [role(person, name) for person, name in ROLES.items()]
    files["userProfiles"] = [profile("ada")]
    return files


def bring(record: Record, files: Files, **given: Any) -> ImportReport:
    return imported(record, files, version="1.2", **given)


def test_school_of_1_2_comes_whole_and_a_second_time_changes_nothing(record: Record) -> None:
    report = bring(record, newer_school())
    assert (report.refused_count, report.is_applied) == (0, True)
    assert open_roles(record) == {
        "ada": {"student"},
        "ben": {"student"},
        "cy": {"student"},
        "turing": {"teacher"},
        "head": {"administrator"},
        "mum": {"parent"},
    }
    assert standing(record) == {("7a", "ada"), ("7a", "ben"), ("7b", "cy")}
    assert guardians(record) == {("mum", "ada"): ("guardian", True)}
    before = everything(record)
    assert bring(record, newer_school()).changed_count == 0
    assert everything(record) == before


def test_person_can_hold_several_roles(sqlite_record: Record) -> None:
    files = newer_school()
    files["roles"] += [role("turing", "parent", "secondary"), role("turing", "siteAdministrator", "secondary")]
    bring(sqlite_record, files)
    assert open_roles(sqlite_record)["turing"] == {"teacher", "parent", "administrator"}


def test_preferred_name_is_the_name(sqlite_record: Record) -> None:
    files = newer_school()
    only(files, "users", "ada")["preferredGivenName"] = "Augusta"
    only(files, "users", "ben")["preferredFamilyName"] = "Oak"
    bring(sqlite_record, files)
    names = dict(rows(sqlite_record, select(User.external_id, User.full_name)))
    assert (names["ada"], names["ben"], names["cy"]) == ("Augusta Elm", "Ben Oak", "Cy Elm")


def test_school_is_the_primary_one_or_that_of_the_primary_role(sqlite_record: Record) -> None:
    files = newer_school()
    only(files, "users", "ada")["primaryOrgSourcedId"] = "district"
    files["roles"].insert(0, role("ben", "counselor", "secondary", orgSourcedId="district"))
    bring(sqlite_record, files)
    listed = select(User.external_id, School.external_id).join(School, School.id == User.school_id)
    schools = dict(rows(sqlite_record, listed))
    assert (schools["ada"], schools["ben"]) == ("district", "school")


def test_role_holds_from_its_first_to_its_last_day(sqlite_record: Record) -> None:
    files = newer_school()
    only(files, "roles", "turing-teacher")["endDate"] = "2026-01-10"
    files["roles"] += [
        role("head", "teacher", "secondary", endDate="2026-01-09"),
        role("mum", "teacher", "secondary", beginDate="2026-01-11"),
    ]
    report = bring(sqlite_record, files)
    found = open_roles(sqlite_record)
    assert (found["turing"], found["head"], found["mum"]) == ({"teacher"}, {"administrator"}, {"parent"})
    told = dict(report.lines.filter(file="roles.csv").select("subject", "reason").rows())
    assert told["mum-teacher"] == "role teacher begins on 2026-01-11"


def test_role_that_is_to_be_deleted_ends(sqlite_record: Record) -> None:
    bring(sqlite_record, newer_school())
    delta = {"roles": [gone(role("turing", "teacher")), changed(role("turing", "parent"))]}
    report = bring(sqlite_record, delta, mode="delta")
    assert open_roles(sqlite_record)["turing"] == {"parent"}
    told = report.lines.select("subject", "outcome", "reason").rows()
    assert told == [
        ("turing-teacher", "ended", "role teacher ended"),
        ("turing-parent", "created", "role parent given"),
    ]


def test_profiles_are_checked_and_nothing_of_them_is_kept(sqlite_record: Record) -> None:
    files = newer_school()
    only(files, "roles", "ada-student")["userProfileSourcedId"] = "profile-ada"
    report = bring(sqlite_record, files)
    assert report.lines.filter(file="userProfiles.csv")["outcome"].to_list() == ["ignored"]
    assert "profile-secret" not in str(everything(sqlite_record))
    assert "profile-secret" not in str(report.lines.rows())


def test_profile_of_nobody_and_role_with_an_unknown_profile_are_refused_where_asked_for(sqlite_record: Record) -> None:
    files = newer_school()
    files["userProfiles"].append(profile("nobody"))
    only(files, "roles", "ada-student")["userProfileSourcedId"] = "elsewhere"
    report = bring(sqlite_record, files, strict=True)
    assert {str(refusal) for refusal in report.refusals} >= {
        "userProfiles.csv, line 3: userSourcedId “nobody” is unknown or was refused",
        "roles.csv, line 2: userProfileSourcedId “elsewhere” is unknown or was refused",
    }
    assert not report.is_applied


def test_student_without_the_role_is_not_enrolled(sqlite_record: Record) -> None:
    files = newer_school()
    files["roles"] = [told for told in files["roles"] if told["userSourcedId"] != "ben"]
    report = bring(sqlite_record, files)
    assert [str(refusal) for refusal in report.refusals] == [
        "enrollments.csv, line 3: user “ben” has not the role student"
    ]
