"""A small OneRoster 1.1 package: a school with one class of one learner and one teacher."""

import csv
import io
import zipfile

_CHANGED = "2025-10-01T00:00:00.000Z"
_FILES = {
    "orgs": [
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
        ["hill", "Hill School", "school", "", ""],
    ],
    "academicSessions": [
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
        ["year", "2025/26", "schoolYear", "2025-08-15", "2026-06-10", "", "2026"],
    ],
    "courses": [
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
        ["botany", "year", "Botany", "BOT", "", "hill", "", ""],
    ],
    "classes": [
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods",
        ["botany-1", "Botany 1", "", "botany", "", "scheduled", "", "hill", "year", "", "", ""],
    ],
    "users": [
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
        ["fern", "true", "hill", "student", "fern.green", "", "Fern", "Green", *[""] * 8],
        ["moss", "true", "hill", "teacher", "moss.brown", "", "Moss", "Brown", *[""] * 8],
    ],
    "enrollments": [
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
        ["e1", "botany-1", "hill", "fern", "student", "", "2025-09-01", "2026-06-10"],
        ["e2", "botany-1", "hill", "moss", "teacher", "true", "2025-09-01", "2026-06-10"],
    ],
}  # fmt: skip
_NOT_IN_IT = (
    "categories", "classResources", "courseResources", "demographics", "lineItems", "resources", "results",
)  # fmt: skip


def small_roster() -> bytes:
    """As a delta: what it does not name stays as it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (header, *rows) in _FILES.items():
            archive.writestr(
                f"{name}.csv", _csv([header.split(","), *[[row[0], "active", _CHANGED, *row[1:]] for row in rows]])
            )
        modes = {**dict.fromkeys(_FILES, "delta"), **dict.fromkeys(_NOT_IN_IT, "absent")}
        manifest = [
            ["manifest.version", "1.0"],
            ["oneroster.version", "1.1"],
            *[[f"file.{k}", v] for k, v in modes.items()],
        ]
        archive.writestr("manifest.csv", _csv([["propertyName", "value"], *manifest]))
    return packed.getvalue()


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
