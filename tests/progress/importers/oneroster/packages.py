"""Hand-made OneRoster packages: a small school whose rows a test changes before it packs them."""

import csv
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from data.record import Record
from progress.importers.oneroster.importing import import_oneroster
from progress.importers.shared.report import ImportReport

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
CHANGED = "2026-01-05T08:00:00.000Z"

Row = dict[str, Any]
Files = dict[str, list[Row]]


def small_school() -> Files:
    """1.1: a district and its school; algebra in 7a and 7b, art in 7c; Ada (mother: mum) and Ben in 7a, Cy in 7b."""
    return {
        "orgs": [
            row("school", name="Elm School", type="school", identifier="", parentSourcedId="district"),
            row("district", name="Elm District", type="district", identifier="", parentSourcedId=""),
        ],
        "academicSessions": [
            session("autumn", type="term", startDate="2025-08-15", endDate="2026-01-31", parentSourcedId="year"),
            session("year", type="schoolYear", startDate="2025-08-15", endDate="2026-06-10", parentSourcedId=""),
        ],
        "courses": [course("algebra"), course("art")],
        "classes": [school_class("7a", "algebra"), school_class("7b", "algebra"), school_class("7c", "art")],
        "users": [
            user("ada", "student", agentSourcedIds="mum"),
            user("ben", "student"),
            user("cy", "student"),
            user("turing", "teacher"),
            user("head", "administrator"),
            user("mum", "guardian", givenName="Mary", familyName="Byron"),
            user("aide", "aide"),
        ],
        "enrollments": [
            enrollment("7a", "ada", "student", beginDate="2025-09-01"),
            enrollment("7a", "ben", "student"),
            enrollment("7b", "cy", "student"),
            enrollment("7a", "turing", "teacher", primary="true"),
            enrollment("7a", "head", "administrator"),
        ],
    }


def row(sourced_id: str, /, **values: str) -> Row:
    return {"sourcedId": sourced_id, "status": "", "dateLastModified": "", **values}


def session(sourced_id: str, /, **values: str) -> Row:
    return row(sourced_id, title=sourced_id.title(), **values, schoolYear="2026")


def course(sourced_id: str, /, **values: str) -> Row:
    given = {"schoolYearSourcedId": "year", "title": sourced_id.title(), "courseCode": "", "orgSourcedId": "school"}
    return row(sourced_id, **{**given, **values})


def school_class(sourced_id: str, course_id: str, /, **values: str) -> Row:
    given = {"title": sourced_id, "courseSourcedId": course_id, "classType": "scheduled", "schoolSourcedId": "school"}
    return row(sourced_id, **{**given, "termSourcedIds": "autumn", **values})


def user(sourced_id: str, role: str, /, **values: str) -> Row:
    given = {
        "enabledUser": "true",
        "orgSourcedIds": "school,district",
        "role": role,
        "username": sourced_id,
        "givenName": sourced_id.title(),
        "familyName": "Elm",
        "email": f"{sourced_id}@elm.example",
        "agentSourcedIds": "",
        "password": "secret-word",
    }
    return row(sourced_id, **{**given, **values})


def enrollment(class_id: str, user_id: str, role: str, /, **values: str) -> Row:
    given = {"classSourcedId": class_id, "schoolSourcedId": "school", "userSourcedId": user_id, "role": role}
    more = {"primary": "", "beginDate": "", "endDate": "", **values}
    return row(f"{class_id}-{user_id}-{role}", **given, **more)


def gone(listed: Row, **values: str) -> Row:
    """The row as a delta file tells of its end."""
    return {**listed, "status": "tobedeleted", "dateLastModified": CHANGED, **values}


def changed(listed: Row, **values: str) -> Row:
    """The row as a delta file tells of a change."""
    return {**listed, "status": "active", "dateLastModified": CHANGED, **values}


def only(files: Files, name: str, sourced_id: str) -> Row:
    [found] = [listed for listed in files[name] if listed["sourcedId"] == sourced_id]
    return found


def csv_bytes(rows: list[Row]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def manifest(names: Mapping[str, str], version: str = "1.1") -> bytes:
    told = {"manifest.version": "1.0", "oneroster.version": version, **{f"file.{n}": m for n, m in names.items()}}
    return csv_bytes([{"propertyName": name, "value": value} for name, value in told.items()])


def zipped(members: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def packed(
    files: Files, *, version: str = "1.1", mode: str = "bulk", replaced: Mapping[str, bytes] | None = None
) -> bytes:
    """The ZIP of these files; `replaced` puts bytes in the place of whole members, manifest.csv included."""
    members = {f"{name}.csv": csv_bytes(rows) for name, rows in files.items() if rows}
    announced = dict.fromkeys((name.removesuffix(".csv") for name in members), mode)
    return zipped({"manifest.csv": manifest(announced, version), **members, **(replaced or {})})


def imported(record: Record, files: Files, *, mode: str = "bulk", version: str = "1.1", **given: Any) -> ImportReport:
    return import_oneroster(record, packed(files, mode=mode, version=version), **{"now": NOW, **given})
