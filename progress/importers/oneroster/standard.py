"""The CSV files of OneRoster 1.1 and 1.2: their names, columns, required values and vocabularies.

Only columns that are read have a kind. The others are listed to tell misspelt columns from unknown ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

VERSIONS = ("1.1", "1.2")

TIME_ZONE = "metadata.timeZone"  # not in the standard, but systems that export the time zone put it here

ORGS, SESSIONS, COURSES, CLASSES = "orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv"
USERS, ROLES, PROFILES, ENROLLMENTS = "users.csv", "roles.csv", "userProfiles.csv", "enrollments.csv"

# Never read: grades, resources and, above all, children's demographics.
LEFT_ALONE = (
    *("categories.csv", "classResources.csv", "courseResources.csv", "demographics.csv", "lineItems.csv"),
    *("lineItemLearningObjectiveIds.csv", "lineItemScoreScales.csv", "resources.csv", "results.csv"),
    *("resultLearningObjectiveIds.csv", "resultScoreScales.csv", "scoreScales.csv", "userResources.csv"),
)

# The standard's roles and ours. Aides, proctors and counsellors get none: a person decides what they may see.
ROLES_HERE: Mapping[str, str | None] = {
    "administrator": "administrator",
    "aide": None,
    "counselor": None,
    "districtAdministrator": "administrator",
    "guardian": "parent",
    "parent": "parent",
    "principal": "administrator",
    "proctor": None,
    "relative": "parent",
    "siteAdministrator": "administrator",
    "student": "student",
    "systemAdministrator": "administrator",
    "teacher": "teacher",
}
GUARDIAN_ROLES = ("guardian", "parent", "relative")
_ROLES_OF_1_1 = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
_ROLES_OF_1_2 = tuple(role for role in ROLES_HERE if role != "administrator")


@dataclass(frozen=True)
class Column:
    """A column that is read. `ids` are separated by commas; a `flag` is true or false."""

    name: str
    kind: Literal["id", "ids", "text", "date", "moment", "flag"] = "text"
    is_required: bool = False
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The columns of a file that are read, and the names of the others."""

    columns: tuple[Column, ...]
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)


def _id(name: str, *, is_required: bool = True) -> Column:
    return Column(name, "id", is_required)


def _layout(*columns: Column, others: str = "") -> Layout:
    shared = (
        _id("sourcedId"),
        Column("status", one_of=("active", "tobedeleted")),
        Column("dateLastModified", "moment"),
    )
    return Layout((*shared, *columns), tuple(others.split()))


_PERSON = (
    Column("enabledUser", "flag", is_required=True),
    Column("username"),
    Column("givenName", is_required=True),
    Column("familyName", is_required=True),
    Column("email"),
    Column("agentSourcedIds", "ids"),
)
_NOT_READ_OF_PEOPLE = "userIds middleName identifier sms phone grades password"
_SHARED = {
    ORGS: _layout(
        Column("name", is_required=True),
        Column("type", is_required=True, one_of=("department", "district", "local", "national", "school", "state")),
        _id("parentSourcedId", is_required=False),
        Column(TIME_ZONE),
        others="identifier",
    ),
    SESSIONS: _layout(
        Column("title", is_required=True),
        Column("type", is_required=True, one_of=("gradingPeriod", "schoolYear", "semester", "term")),
        Column("startDate", "date", is_required=True),
        Column("endDate", "date", is_required=True),
        _id("parentSourcedId", is_required=False),
        Column("schoolYear"),
    ),
    COURSES: _layout(
        _id("schoolYearSourcedId", is_required=False),
        Column("title", is_required=True),
        _id("orgSourcedId"),
        others="courseCode grades subjects subjectCodes",
    ),
    CLASSES: _layout(
        Column("title", is_required=True),
        _id("courseSourcedId"),
        _id("schoolSourcedId"),
        Column("termSourcedIds", "ids", is_required=True),
        others="grades classCode classType location subjects subjectCodes periods",
    ),
    ENROLLMENTS: _layout(
        _id("classSourcedId"),
        _id("schoolSourcedId"),
        _id("userSourcedId"),
        Column("role", is_required=True, one_of=("administrator", "aide", "proctor", "student", "teacher")),
        Column("beginDate", "date"),
        Column("endDate", "date"),
        others="primary",
    ),
}

LAYOUTS: Mapping[str, Mapping[str, Layout]] = {
    "1.1": {
        **_SHARED,
        USERS: _layout(
            *_PERSON,
            Column("orgSourcedIds", "ids", is_required=True),
            Column("role", is_required=True, one_of=_ROLES_OF_1_1),
            others=_NOT_READ_OF_PEOPLE,
        ),
    },
    "1.2": {
        **_SHARED,
        USERS: _layout(
            *_PERSON,
            Column("preferredGivenName"),
            Column("preferredFamilyName"),
            _id("primaryOrgSourcedId", is_required=False),
            others=f"{_NOT_READ_OF_PEOPLE} userMasterIdentifier resourceSourcedIds preferredMiddleName pronouns",
        ),
        PROFILES: _layout(
            _id("userSourcedId"),
            Column("profileType", is_required=True),
            Column("vendorId", is_required=True),
            Column("credentialType", is_required=True),
            others="applicationId description username password",
        ),
        ROLES: _layout(
            _id("userSourcedId"),
            Column("roleType", is_required=True, one_of=("primary", "secondary")),
            Column("role", is_required=True, one_of=_ROLES_OF_1_2),
            Column("beginDate", "date"),
            Column("endDate", "date"),
            _id("orgSourcedId"),
            _id("userProfileSourcedId", is_required=False),
        ),
    },
}
