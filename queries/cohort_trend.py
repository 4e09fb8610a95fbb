"""The progress of whole courses and classes by week. Small cohorts are withheld here."""

from collections.abc import Sequence

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask_about_no_one
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
    taught = "course_id in (select course_id from main.school_class where {taught})"
    allowed = "{taught:cohort_id}" if viewer.sees_everyone else taught
    return _trend(viewer, "course", course_ids, allowed, with_median=with_median)


def class_trend(viewer: Viewer, class_ids: Sequence[int], *, with_median: bool = False) -> pl.DataFrame:
    """One row per class that the viewer teaches and week; the rest as in `cohort_trend`."""
    return _trend(viewer, "class", class_ids, "{taught:cohort_id}", with_median=with_median)


def _trend(
    viewer: Viewer, cohort_type: str, cohort_ids: Sequence[int], allowed: str, *, with_median: bool
) -> pl.DataFrame:
    view = {"course": "cohort_trend", "class": "class_trend"}[cohort_type]
    chosen = {"cohort": f"cohort_type = '{cohort_type}' and cohort_id = any($cohort_ids::bigint[]) and {allowed}"}
    sql = f"""
        {narrowed(view, chosen)}
        {_everything(view) if viewer.sees_everyone else _but_small_groups_of_strangers(view, cohort_type)}
        order by course_title, {cohort_type}_id, week_starts_on
    """
    withholding = {} if viewer.sees_everyone else {"most_strangers": SMALLEST_COHORT - 1}
    if cohort_type == "class" and not viewer.sees_everyone:
        withholding["viewer_id"] = viewer.user_id
    trend = ask_about_no_one(viewer, sql, cohort_ids=list(cohort_ids), **withholding)
    return _joined_by_median(viewer, trend, f"{cohort_type}_id", chosen) if with_median else trend


def _joined_by_median(viewer: Viewer, trend: pl.DataFrame, cohort_id: str, chosen: dict[str, str]) -> pl.DataFrame:
    sql = f"""
        {narrowed("cohort_median", chosen)}
        select cohort_id as {cohort_id}, week_starts_on, median_modules_percentage from cohort_median
    """
    medians = ask_about_no_one(viewer, sql, cohort_ids=trend[cohort_id].unique().sort().to_list())
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
