"""The progress of whole courses and classes by week. Small cohorts are withheld here."""

from collections.abc import Sequence

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask_about_no_one
from queries.asking.course_parts import CourseParts
from queries.asking.narrowing import narrowed

SMALLEST_COHORT = 5
_FIGURES = (
    "active_learners_count",
    "active_percentage",
    "completed_units_count",
    "units_per_learner",
    "completed_courses_count",
    "mean_modules_percentage",
    "learners_count",
)
# Learners who have since left a class were visible to its teachers then.
_TAUGHT_THEN = """exists (
    select 1 from class_teacher_span as t
    where t.class_id = l.cohort_id and t.user_id = $viewer_id
        and is_within(w.week_starts_on, date_trunc('week', t.joined_on), date_trunc('week', t.left_on))
)"""


def cohort_trend(viewer: Viewer, course_ids: Sequence[int], *, with_median: bool = False) -> pl.DataFrame:
    """One row per course and week, for administrators, and for teachers in the courses of their classes.

    Figures are null if `is_withheld`: if they, or their difference from what the viewer sees anyway, would be about
    fewer than five learners whom the viewer may not see. `with_median` adds `median_modules_percentage`, which takes
    several times as long as all other figures together.
    """
    rows = _weeks_of_courses(viewer)
    trend = _trend(viewer, "course", course_ids, rows, parts=_kept("cohort_trend", "*", course_ids))
    if not with_median:
        return trend
    sql = f"select * from kept_cohort_median where {_allowed(viewer)}"
    columns = "cohort_id as course_id, week_starts_on, median_modules_percentage"
    medians = ask_about_no_one(viewer, sql, parts=_kept("cohort_median", columns, course_ids))
    return _joined_by_median(trend, medians, "course_id")


def class_trend(viewer: Viewer, class_ids: Sequence[int], *, with_median: bool = False) -> pl.DataFrame:
    """One row per class that the viewer teaches and week; the rest as in `cohort_trend`."""
    chosen = {"cohort": "cohort_type = 'class' and cohort_id = any($cohort_ids::bigint[]) and {taught:cohort_id}"}
    trend = _trend(viewer, "class", class_ids, narrowed("class_trend", chosen))
    if not with_median:
        return trend
    sql = f"""
        {narrowed("cohort_median", chosen)}
        select cohort_id as class_id, week_starts_on, median_modules_percentage from cohort_median
    """
    medians = ask_about_no_one(viewer, sql, cohort_ids=trend["class_id"].unique().sort().to_list())
    return _joined_by_median(trend, medians, "class_id")


def _allowed(viewer: Viewer) -> str:
    """The condition on the courses whose trend the viewer may see."""
    return (
        "{taught:course_id}"
        if viewer.sees_everyone
        else "course_id in (select course_id from main.school_class where {taught})"
    )


def _kept(view: str, columns: str, course_ids: Sequence[int]) -> CourseParts:
    """The view's rows about these courses, kept until the courses change."""
    of_courses = {"cohort": "cohort_type = 'course' and cohort_id = any($course_ids::bigint[])"}
    sql = f"{narrowed(view, of_courses)} select {columns} from {view}"
    return CourseParts(f"kept_{view}", sql, tuple(course_ids))


def _weeks_of_courses(viewer: Viewer) -> str:
    """A WITH clause with the weeks of the courses, and with the learners whom the viewer sees in them."""
    trend = f"cohort_trend as (select * from kept_cohort_trend where {_allowed(viewer)})"
    if viewer.sees_everyone:
        return f"with {trend}"
    of_courses = "cohort_type = 'course' and cohort_id = any($cohort_ids::bigint[])"
    return f"""
        {narrowed("cohort_learner", {"cohort": of_courses, "enrolment": "{visible}"})},
        {trend},
        cohort_calendar as (select course_id as cohort_id, week_starts_on from cohort_trend)
    """


def _trend(
    viewer: Viewer, cohort_type: str, cohort_ids: Sequence[int], rows: str, *, parts: CourseParts | None = None
) -> pl.DataFrame:
    """`rows` is a WITH clause in which the trend's view has rows of the cohorts alone that the viewer may see."""
    view = {"course": "cohort_trend", "class": "class_trend"}[cohort_type]
    sql = f"""
        {rows}
        {_everything(view) if viewer.sees_everyone else _but_small_groups_of_strangers(view, cohort_type)}
        order by course_title, {cohort_type}_id, week_starts_on
    """
    given: dict[str, object] = {} if viewer.sees_everyone else {"most_strangers": SMALLEST_COHORT - 1}
    if parts is None or not viewer.sees_everyone:
        given["cohort_ids"] = list(cohort_ids)
    if cohort_type == "class" and not viewer.sees_everyone:
        given["viewer_id"] = viewer.user_id
    return ask_about_no_one(viewer, sql, parts=parts, **given)


def _joined_by_median(trend: pl.DataFrame, medians: pl.DataFrame, cohort_id: str) -> pl.DataFrame:
    joined = trend.join(medians, on=[cohort_id, "week_starts_on"], how="left", maintain_order="left")
    return joined.with_columns(pl.when(~pl.col("is_withheld")).then("median_modules_percentage"))


def _everything(view: str) -> str:
    """The query for viewers who see everyone; without the other conditions, planning takes a third less."""
    return f"select *, false as is_withheld from {view}"


def _but_small_groups_of_strangers(view: str, cohort_type: str) -> str:
    seen = "({visible:l.learner_id}" + (f" or {_TAUGHT_THEN})" if cohort_type == "class" else ")")
    return f"""
        , seen as (
            select w.cohort_id, w.week_starts_on, count(*) as seen_learners_count
            from cohort_calendar as w
            join cohort_learner as l on l.cohort_id = w.cohort_id and l.enrolled_week <= w.week_starts_on
            where {seen} and (l.dropped_week is null or l.dropped_week > w.week_starts_on)
            group by all
        ),
        checked as (
            select t.*,
                t.learners_count - coalesce(s.seen_learners_count, 0) between 1 and $most_strangers as is_withheld
            from {view} as t
            left join seen as s on s.cohort_id = t.{cohort_type}_id and s.week_starts_on = t.week_starts_on
        )
        select * replace ({", ".join(f"case when not is_withheld then {name} end as {name}" for name in _FIGURES)})
        from checked
    """
