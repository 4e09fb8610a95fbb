"""Records as earlier versions made them, by the migration of that time, with a small school in them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from data.models import UtcTime
from data.record import Record
from data.settings import PROJECT

# The text of 0001 as of each commit that changed it, named after the commit; the last one is the file itself.
TEXTS = Path(__file__).with_name("released_0001")
STATES = ("cbf31bd", "a2c9ac2", "8a5ab47", "db8bd06")
VERSIONS = PROJECT / "data" / "migrations" / "versions"

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_LEARNED = {"changed_in": 1, "completion_percentage": 50.0, "completed_modules_count": 1, "total_modules": 2}
_MODULE = {
    **{"course_id": 1, "unit_id": 1, "kind": "reading", "is_required": True, "completion_rule": "viewed"},
    **{"score_rule": "best", "watched_threshold": 0.9, "published_at": AT, "changed_in": 1},
}
_PERSON = {"is_active": True, "created_at": AT, "changed_in": 1}
_EVENT = {"kind": "viewed", "authority": "learner", "occurred_at": AT, "received_at": AT, "interactions_count": 1}

ROWS: dict[str, list[dict[str, Any]]] = {
    "schools": [{"id": 1, "name": "Alder Grove", "time_zone": "Europe/London", "changed_in": 1}],
    "users": [
        {"id": 1, "school_id": 1, "full_name": "Amara", "external_id": "mailto:amara@school.example", **_PERSON},
        {"id": 2, "school_id": 1, "full_name": "Helen", "external_id": None, **_PERSON},
    ],
    "user_roles": [
        {"user_id": 1, "role": "student", "changed_in": 1},
        {"user_id": 2, "role": "teacher", "changed_in": 1},
    ],
    "courses": [{"id": 1, "school_id": 1, "title": "Science", "changed_in": 1}],
    "classes": [{"id": 1, "school_id": 1, "course_id": 1, "name": "8A", "changed_in": 1}],
    "class_learners": [{"class_id": 1, "user_id": 1, "changed_in": 1}],
    "class_teachers": [{"class_id": 1, "user_id": 2, "changed_in": 1}],
    "units": [{"id": 1, "course_id": 1, "title": "Sound", "position": 1, "changed_in": 1}],
    "modules": [{"id": n, "title": f"Reading {n}", "position": n, **_MODULE} for n in (1, 2)],
    "module_spans": [{"module_id": n, "starts_at": AT, "changed_in": 1} for n in (1, 2)],
    "enrolments": [{"user_id": 1, "course_id": 1, "status": "active", "enrolled_at": AT, "changed_in": 1}],
    "progress_events": [
        {"id": 1, "source": "test", "event_id": "one", "user_id": 1, "module_id": 1, "changed_in": 1, **_EVENT}
    ],
    "module_progress": [
        {
            **{"user_id": 1, "module_id": 1, "status": "completed", "completion_percentage": 100.0, "changed_in": 1},
            **{"started_at": AT, "completed_at": AT, "last_activity_at": AT, "attempts_count": 0},
        }
    ],
    "unit_progress": [{"user_id": 1, "unit_id": 1, "last_completed_at": AT, **_LEARNED}],
    "course_progress": [
        {
            **{"user_id": 1, "course_id": 1, "completed_units_count": 0, "total_units": 1, "last_completed_at": AT},
            **_LEARNED,
            "completion_percentage": 0.0,
        }
    ],
}

_SINCE_A2C9AC2: dict[str, dict[str, Any]] = {"schools": {"kind": "school"}, "courses": {"provisions_xapi": False}}

VOIDED = "http://adlnet.gov/xapi/verbs/voided"
_STATEMENT = {"outcome": "recorded", "happened_at": AT, "stored_at": AT, "is_voided": False, "statement": "{}"}
# Of one learner twice, of the same name before the learner was known, and of nobody whom the statement names.
STATEMENTS: list[dict[str, Any]] = [
    {
        "id": n,
        "statement_id": f"s{n}",
        "user_id": user_id,
        "actor": actor,
        "verb": verb,
        "activity": activity,
        **_STATEMENT,
    }
    for n, user_id, actor, verb, activity in (
        (1, None, "mailto:amara@school.example", "seen", "a"),
        (2, 1, "mailto:amara@school.example", "seen", "a"),
        (3, 1, "mailto:amara@school.example", "seen", "b"),
        (4, None, None, VOIDED, "s3"),
    )
]


def make_released(record: Record, state: str) -> None:
    """Fill a database without tables with what the version of that commit made and would have stored."""
    text = (
        (VERSIONS / "0001_the_record.py").read_text() if state == STATES[-1] else (TEXTS / f"{state}.txt").read_text()
    )
    migration: dict[str, Any] = {}
    exec(compile(text, state, "exec"), migration)  # it is a migration of our own
    with record.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            migration["upgrade"]()
        context.stamp(ScriptDirectory.from_config(Config(toml_file=PROJECT / "pyproject.toml")), "0001")
        found = sa.inspect(connection)
        for table, rows in {**ROWS, "xapi_statements": STATEMENTS}.items():
            columns = {column["name"] for column in found.get_columns(table)} if found.has_table(table) else set()
            later = {name: value for name, value in _SINCE_A2C9AC2.get(table, {}).items() if name in columns}
            if columns >= set(rows[0]):
                _insert(connection, table, [{**row, **later} for row in rows])


def _insert(connection: sa.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Without the models, which have other columns by now."""
    columns = [sa.column(name, UtcTime() if isinstance(value, datetime) else None) for name, value in rows[0].items()]
    connection.execute(sa.insert(sa.table(table, *columns)), rows)
