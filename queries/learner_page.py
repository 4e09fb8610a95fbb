"""The learners of a course or class, a page at a time, with figures over all of them, in one question a page."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import narrowed

Order = Literal["id", "name", "percentage", "-percentage", "modules", "-modules"]

# What a page is sorted by, its type, and the view that has it. Learners with equal values are sorted by id.
_COURSE_RECORD = "join main.course_record using (learner_id, course_id)"
_KEYS = {
    "id": ("learner_id", "bigint", ""),
    "name": ("full_name", "varchar", "join main.person on user_id = learner_id"),
    "percentage": ("coalesce(completion_percentage, -1)", "double", _COURSE_RECORD),
    "modules": ("coalesce(100 * completed_modules_count / nullif(total_modules, 0), -1)", "double", _COURSE_RECORD),
}


@dataclass(frozen=True)
class Position:
    """Where a page ended: its last learner, with the value that learners are sorted by (`order_key` in the frame)."""

    order_key: int | str | float
    learner_id: int


def course_learners(
    viewer: Viewer, course_id: int, *, order: Order = "id", after: Position | None = None, limit: int = 100
) -> pl.DataFrame:
    """The columns of `course_progress` and of `course_summary`, and `order_key`: one row per learner on the page.

    The figures are over all learners of the course whom the viewer may see, the same in each row. A page without
    learners is one row without `learner_id`. The frame is empty if there is no such course, or no learner in it whom
    the viewer may see (administrators see empty courses).
    """
    enrolment = "course_id = $course_id and {visible}"
    of_course = "course_id = $course_id"
    figures = f"""
        {narrowed("course_summary", {"enrolment": enrolment, "course_record": of_course})}
        select * from course_summary
        where course_id = $course_id and ($sees_everyone or learners_count + dropped_learners_count > 0)
    """
    given = {"course_id": course_id, "sees_everyone": viewer.sees_everyone}
    return _page(viewer, figures, enrolment, order, after, limit, given, of_course=course_id)


def class_learners(
    viewer: Viewer, class_id: int, *, order: Order = "id", after: Position | None = None, limit: int = 100
) -> pl.DataFrame:
    """As `course_learners`, with the columns of `class_progress`: the learners of the class, in its course only.

    Administrators and its teachers see an empty class.
    """
    of_class = "learner_id in (select learner_id from main.class_learner where class_id = $class_id)"
    of_course = "course_id = (select course_id from main.school_class where class_id = $class_id)"
    enrolment = f"{{visible}} and {of_class} and {of_course}"
    wanted = {"school_class": "class_id = $class_id", "class_learner": "class_id = $class_id", "enrolment": enrolment}
    figures = f"""
        {narrowed("class_progress", wanted)}
        select * from class_progress where {{taught}} or learners_count + dropped_learners_count > 0
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
    of_course: int | None = None,
) -> pl.DataFrame:
    on_page = dict.fromkeys(("course_record", "module_record"), "learner_id in (select learner_id from page)")
    key, _, _ = _KEYS[order.removeprefix("-")]
    direction = "desc" if order.startswith("-") else "asc"
    sql = f"""
        with page as materialized ({_page_rows(enrolment, order, after)}),
        figures as ({figures}),
        learners as (
            {narrowed("course_standing", on_page, {"enrolment": "page"})}
            select
                s.* exclude (course_id),
                p.external_id as learner_external_id,
                p.full_name as learner_name,
                {key} as order_key
            from course_standing as s
            join main.person as p on p.user_id = s.learner_id
        )
        select * from figures left join learners on true
        where learner_id is null or {{visible}}
        order by order_key {direction}, learner_id
    """
    position = {"order_key": after.order_key, "after_id": after.learner_id} if after else {}
    return ask(viewer, sql, of_course=of_course, limit=limit, **given, **position)


def _page_rows(enrolment: str, order: Order, after: Position | None) -> str:
    key, key_type, holder = _KEYS[order.removeprefix("-")]
    direction, beyond = ("desc", "<") if order.startswith("-") else ("asc", ">")
    last = f"$order_key::{key_type}"
    further = f"{key} {beyond} {last} or ({key} = {last} and learner_id > $after_id)" if after else "true"
    return f"""
        select e.*
        from (select * from main.enrolment where {enrolment}) as e {holder}
        where {further}
        order by {key} {direction}, learner_id
        limit $limit
    """
