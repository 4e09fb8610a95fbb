"""Enrolments follow classes: a learner in a class is enrolled in its course, and dropped when in no class any more.

A class has a learner on the days of their membership, while neither the class nor its course has ended and the person
has the student role. Only changes are followed, so whoever a person enrolled or dropped by hand stays that way.
"""

from datetime import datetime, timedelta

import polars as pl
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import aliased

from data.bulk import matches_any, rows_where
from data.models import ClassLearner, Course, Enrolment, RecordInfo, School, SchoolClass, UserRole
from data.moments import naive_utc
from data.record import Record, Transaction, current_record
from data.school_days import beginnings_of, today_of
from progress.completion.module_states import TIME
from progress.courses.classes import class_days
from progress.courses.enrolment import Enrolled, drop_all, enrol_all
from progress.people.role_claims import follow_roles, student_since

_PAIR = ["user_id", "course_id"]
_MEMBERSHIP = {
    "user_id": pl.Int64,
    "course_id": pl.Int64,
    "class_id": pl.Int64,
    "joined_on": pl.Date,
    "left_on": pl.Date,
    "time_zone": pl.String,
    "class_ended_at": TIME,
    "course_ended_at": TIME,
    "role_ended_at": TIME,
}
_ENDS = ("class_ended_at", "course_ended_at", "role_ended_at")


def held_before(tx: Transaction, now: datetime) -> pl.DataFrame:
    """The learners in classes (user_id, course_id, joined_at) when enrolments last followed them.

    Call it before writing anything and pass the result to `follow` afterwards. It also applies the roles that are due.
    """
    followed_at = tx.execute(select(RecordInfo.classes_followed_at)).scalar_one()
    if followed_at is None:
        return pl.concat([held(tx, now), _enrolled_without_class(tx, now)])
    before = held(tx, min(followed_at, now), is_past=True)
    follow_roles(tx, now)
    return before


def held(tx: Transaction, at: datetime, *, is_past: bool = False) -> pl.DataFrame:
    """The learners in classes of each course at this moment: user_id, course_id, and `joined_at` (naive UTC).

    An end counts as reached even if it lies after `at`, since the clock may have been set back; only `is_past`
    compares the two.
    """
    held_until = pl.lit(naive_utc(at) if is_past else None, TIME)
    has_not_left_long_ago = or_(ClassLearner.left_on.is_(None), ClassLearner.left_on >= at.date() - timedelta(days=1))
    today = pl.col("today")
    current = today_of(_memberships(tx, has_not_left_long_ago), at).filter(
        pl.col("joined_on") <= today,
        pl.col("left_on").is_null() | (pl.col("left_on") > today),
        *(pl.col(name).is_null() | (pl.col(name) > held_until).fill_null(False) for name in _ENDS),
    )
    dated = beginnings_of(current, "joined_on", "joined_at")
    return dated.group_by(_PAIR, maintain_order=True).agg(pl.col("joined_at").min())


def follow(tx: Transaction, before: pl.DataFrame, now: datetime) -> tuple[Enrolled, int]:
    """Enrol the learners who are in a class now and were not before; drop those who were and no longer are.

    Returns the enrolled and the number of dropped learners. A learner who stayed until the last day of the class has
    not dropped out, and a completed enrolment stays completed.
    """
    after = held(tx, now)
    begun = after.join(before, on=_PAIR, how="anti", maintain_order="left")
    since = student_since(tx, begun["user_id"], now)
    dated = begun.join(since, on="user_id", how="left", maintain_order="left")
    enrolled = enrol_all(tx, dated.select(*_PAIR, enrolled_at=pl.max_horizontal("joined_at", "student_since")))
    gone = before.join(after, on=_PAIR, how="anti", maintain_order="left").select(_PAIR)
    dropped = drop_all(tx, leaving(tx, gone, now))
    tx.execute(update(RecordInfo).values(classes_followed_at=now))
    return enrolled, dropped


def leaving(tx: Transaction, gone: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """When these learners left their last class (user_id, course_id, dropped_at), except if they stayed to its end."""
    moment = pl.lit(naive_utc(now), TIME)
    memberships = _memberships(tx, matches_any(tx, ClassLearner.user_id, gone["user_id"].unique()))
    begun = today_of(memberships, now).filter(pl.col("joined_on") <= pl.col("today"))
    ends = beginnings_of(begun, "left_on", "left_at").with_columns(
        ended_at=pl.min_horizontal(pl.min_horizontal("left_at", *_ENDS).fill_null(moment), moment)
    )
    days = class_days(tx, ends["class_id"].unique()).select(
        "class_id", "time_zone", over_on=pl.col("last_day").dt.offset_by("1d")
    )
    over = beginnings_of(days, "over_on", "over_at").select("class_id", "over_at")
    last = ends.join(over, on="class_id").sort("ended_at").unique(_PAIR, keep="last")
    found = gone.join(last, on=_PAIR, how="left", maintain_order="left")
    stayed = (pl.col("ended_at") >= pl.col("over_at")).fill_null(False)
    return found.filter(~stayed).select(*_PAIR, dropped_at=pl.col("ended_at").fill_null(moment))


def follow_due(now: datetime) -> int:
    """Follow what began or ended by date, or was changed by a person; returns how many enrolments changed."""
    record = current_record()
    state = _state(record, now)
    if _followed.get(record.url) == state:
        return 0
    with record.writing() as tx:
        enrolled, dropped = follow(tx, held_before(tx, now), now)
    _followed[record.url] = _state(record, now)
    return enrolled.new + enrolled.taken_back + dropped


_followed: dict[str, tuple[int, ...]] = {}


def _state(record: Record, now: datetime) -> tuple[int, ...]:
    """What membership depends on: the newest change of each table, and the quarter hour.

    In every time zone in use, days begin on a quarter hour.
    """
    newest = (select(func.coalesce(func.max(model.changed_in), 0)).scalar_subquery() for model in _DEPENDS_ON)
    with record.reading() as connection:
        return (int(now.timestamp()) // 900, *connection.execute(select(*newest)).one())


_DEPENDS_ON = (ClassLearner, SchoolClass, Course, School, UserRole)


def _memberships(tx: Transaction, where: ColumnElement[bool]) -> pl.DataFrame:
    own, of_course = aliased(School), aliased(School)
    statement = (
        select(
            ClassLearner.user_id,
            SchoolClass.course_id,
            ClassLearner.class_id,
            ClassLearner.joined_on,
            ClassLearner.left_on,
            func.coalesce(own.time_zone, of_course.time_zone, "UTC").label("time_zone"),
            SchoolClass.ended_at.label("class_ended_at"),
            Course.ended_at.label("course_ended_at"),
            UserRole.ended_at.label("role_ended_at"),
        )
        .join(SchoolClass, SchoolClass.id == ClassLearner.class_id)
        .join(Course, Course.id == SchoolClass.course_id)
        .join(UserRole, (UserRole.user_id == ClassLearner.user_id) & (UserRole.role == "student"))
        .outerjoin(own, own.id == SchoolClass.school_id)
        .outerjoin(of_course, of_course.id == Course.school_id)
        .where(where)
        .order_by(ClassLearner.user_id, ClassLearner.id)
    )
    return rows_where(tx, statement, _MEMBERSHIP)


def _enrolled_without_class(tx: Transaction, now: datetime) -> pl.DataFrame:
    """Active enrolments of learners who have left every class of the course: earlier versions did not drop them."""
    ever_in_class = select(ClassLearner.user_id, SchoolClass.course_id).join(
        SchoolClass, SchoolClass.id == ClassLearner.class_id
    )
    active = select(Enrolment.user_id, Enrolment.course_id).where(Enrolment.status == "active")
    schema = dict.fromkeys(_PAIR, pl.Int64)
    pairs = rows_where(tx, ever_in_class.distinct(), schema).join(rows_where(tx, active, schema), on=_PAIR, how="semi")
    without = pairs.join(held(tx, now), on=_PAIR, how="anti")
    return without.with_columns(joined_at=pl.lit(None, TIME))
