"""class_learners and class_teachers get spans.

A membership that stood until now began, for all that the record knows, when its learner was enrolled in the class's
course; else on the first day of the class's terms or of its course; else when the person came into the record.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("class_learners", "class_teachers")

_classes = sa.table("classes", *map(sa.column, ("id", "school_id", "course_id")))
_courses = sa.table("courses", *map(sa.column, ("id", "school_id")), sa.column("starts_on", sa.Date()))
_schools = sa.table("schools", *map(sa.column, ("id", "time_zone")))
_sessions = sa.table("academic_sessions", sa.column("id"), sa.column("starts_on", sa.Date()))
_class_sessions = sa.table("class_sessions", sa.column("class_id"), sa.column("academic_session_id"))
_users = sa.table("users", sa.column("id"), sa.column("created_at", UtcTime()))
_enrolments = sa.table("enrolments", *map(sa.column, ("user_id", "course_id")), sa.column("enrolled_at", UtcTime()))


def upgrade() -> None:
    for name in _TABLES:
        rows = list(_spans(op.get_bind(), name))
        op.drop_table(name)
        _create(name)
        if rows:
            op.bulk_insert(_new(name), rows)
    op.add_column("record_info", sa.Column("classes_followed_at", UtcTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Spans cannot be told by one end date. Restore a backup from before.")


def _spans(connection: sa.Connection, name: str) -> Iterable[dict[str, Any]]:
    today = datetime.now(UTC)
    for row in connection.execute(_old_rows(name)):
        zone = _zone(row.time_zone)
        end = row.ended_at and row.ended_at.astimezone(zone).date()
        yield {
            "class_id": row.class_id,
            "user_id": row.user_id,
            "joined_on": min(_began(row, name, zone), end or today.astimezone(zone).date()),
            "left_on": end,
            "changed_in": row.changed_in,
        }


def _old_rows(name: str) -> sa.Select[Any]:
    old = sa.table(name, *map(sa.column, ("class_id", "user_id", "changed_in")), sa.column("ended_at", UtcTime()))
    own, of_course = _schools.alias(), _schools.alias()
    first_day = (
        sa.select(sa.func.min(_sessions.c.starts_on))
        .join(_class_sessions, _class_sessions.c.academic_session_id == _sessions.c.id)
        .where(_class_sessions.c.class_id == old.c.class_id)
        .scalar_subquery()
    )
    return (
        sa.select(
            old,
            sa.func.coalesce(own.c.time_zone, of_course.c.time_zone).label("time_zone"),
            sa.func.coalesce(first_day, _courses.c.starts_on, type_=sa.Date()).label("first_day"),
            _enrolments.c.enrolled_at,
            _users.c.created_at,
        )
        .join(_classes, _classes.c.id == old.c.class_id)
        .join(_courses, _courses.c.id == _classes.c.course_id)
        .join(_users, _users.c.id == old.c.user_id)
        .outerjoin(own, own.c.id == _classes.c.school_id)
        .outerjoin(of_course, of_course.c.id == _courses.c.school_id)
        .outerjoin(
            _enrolments,
            sa.and_(_enrolments.c.user_id == old.c.user_id, _enrolments.c.course_id == _classes.c.course_id),
        )
        .order_by(old.c.class_id, old.c.user_id)
    )


def _began(row: Any, name: str, zone: ZoneInfo) -> date:
    enrolled_at = row.enrolled_at if name == "class_learners" else None
    began: date = (enrolled_at and enrolled_at.astimezone(zone).date()) or row.first_day
    return began or row.created_at.astimezone(zone).date()


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _create(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", _ID, nullable=False),
        sa.Column("class_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("left_on >= joined_on", name=op.f(f"ck_{name}_left_after_joining")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f(f"fk_{name}_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{name}_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in ("changed_in", "class_id", "external_id", "user_id"):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def _new(name: str) -> sa.TableClause:
    dates = (sa.column("joined_on", sa.Date()), sa.column("left_on", sa.Date()))
    return sa.table(name, *map(sa.column, ("class_id", "user_id", "changed_in")), *dates)
