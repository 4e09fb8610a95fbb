"""The learners of a whole course or class, a page at a time, with the figures over all of them: one question a page."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from data.viewer import Viewer
from queries.ask import ask
from queries.narrowing import narrowed

Order = Literal["id", "name", "percentage", "-percentage"]

# What a page is sorted by, and that value's type. Learners with the same value come by id.
_KEYS = {
    "id": ("e.learner_id", "bigint"),
    "name": ("p.full_name", "varchar"),
    "percentage": ("coalesce(r.completion_percentage, -1)", "double"),
}
_KEY_INPUTS = {
    "id": "",
    "name": "join main.person as p on p.user_id = e.learner_id",
    "percentage": "join main.course_record as r on r.learner_id = e.learner_id and r.course_id = e.course_id",
}


@dataclass(frozen=True)
class Position:
    """Where a page ended: the last learner on it, with what the learners are sorted by (`order_key` of the frame)."""

    order_key: int | str | float
    learner_id: int


def course_learners(
    viewer: Viewer, course_id: int, *, order: Order = "id", after: Position | None = None, limit: int = 100
) -> pl.DataFrame:
    """The columns of `course_progress` and of `course_summary`, and `order_key`: one row per learner on the page.

    The figures are over all learners of the course whom the viewer may see, the same in each row. A page without
    learners is one row without `learner_id`. No row: no such course, or no learner in it whom the viewer may see
    (administrators see empty courses).
    """
    enrolment = "course_id = $course_id and {visible}"
    figures = f"""
        {
        narrowed(
            "course_summary",
            {
                "enrolment": enrolment,
                "learner_week": "course_id = $course_id",
                "cohort": "cohort_type = 'course' and cohort_id = $course_id",
            },
        )
    }
        select * from course_summary
        where course_id = $course_id and ($sees_everyone or exists (from enrolment))
    """
    given = {"course_id": course_id, "sees_everyone": viewer.sees_everyone}
    return _page(viewer, figures, enrolment, order, after, limit, given)


def class_learners(
    viewer: Viewer, class_id: int, *, order: Order = "id", after: Position | None = None, limit: int = 100
) -> pl.DataFrame:
    """As `course_learners`, with the columns of `class_progress`: the learners of the class, in its course alone.

    An empty class is seen by administrators and by those who teach it.
    """
    enrolment = """{visible}
        and learner_id in (select learner_id from main.class_learner where class_id = $class_id)
        and course_id = (select course_id from main.school_class where class_id = $class_id)"""
    figures = f"""
        {
        narrowed(
            "class_progress",
            {
                "enrolment": enrolment,
                "school_class": "class_id = $class_id",
                "cohort": "cohort_type = 'class' and cohort_id = $class_id",
            },
        )
    }
        select * from class_progress where {{taught}} or exists (from enrolment)
    """
    return _page(viewer, figures, enrolment, order, after, limit, {"class_id": class_id})


def _page(
    viewer: Viewer,
    figures: str,
    enrolment: str,
    order: Order,
    after: Position | None,
    limit: int,
    given: dict[str, int | bool],
) -> pl.DataFrame:
    on_page = "learner_id in (select learner_id from page)"
    direction = "desc" if order.startswith("-") else "asc"
    sql = f"""
        with page as materialized ({_page_keys(enrolment, order, after)}),
        figures as ({figures}),
        learners as (
            {
        narrowed(
            "course_progress",
            {
                "enrolment": f"{on_page} and {enrolment}",
                "course_record": on_page,
                "module_record": on_page,
                "person": "user_id in (select learner_id from page)",
            },
        )
    }
            select * exclude (course_external_id, course_title) from course_progress
        )
        select f.*, l.* exclude (course_id), p.order_key
        from figures as f
        left join learners as l on true
        left join page as p on p.learner_id = l.learner_id
        order by p.order_key {direction}, p.learner_id
    """
    position = {"order_key": after.order_key, "after_id": after.learner_id} if after else {}
    return ask(viewer, sql, limit=limit, **given, **position)


def _page_keys(enrolment: str, order: Order, after: Position | None) -> str:
    name = order.removeprefix("-")
    key, key_type = _KEYS[name]
    direction, beyond = ("desc", "<") if order.startswith("-") else ("asc", ">")
    last = f"$order_key::{key_type}"
    further = f"order_key {beyond} {last} or (order_key = {last} and learner_id > $after_id)" if after else "true"
    return f"""
        select learner_id, order_key
        from (
            select e.learner_id, {key} as order_key
            from (select * from main.enrolment where {enrolment}) as e {_KEY_INPUTS[name]}
        )
        where {further}
        order by order_key {direction}, learner_id
        limit $limit
    """
