"""The unit and course progress of many learners at once, in columns. The rules are those of `standing`."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from data.moments import naive_utc
from progress.completion.course_parts import Epoch
from progress.completion.course_shape import CourseShape
from progress.completion.module_states import RULE_SCHEMA, TIME
from progress.completion.terms_met import completion_moments

_ACTIVITY = ("last_activity_at", "last_own_activity_at")
_MOMENTS = ("completed_at", "last_completed_at", *_ACTIVITY)
# What of the modules' progress is rolled up.
PROGRESS_SCHEMA = {"user_id": pl.Int64, "module_id": pl.Int64, "completed_at": TIME} | dict.fromkeys(_ACTIVITY, TIME)
ENROLLED_SCHEMA = {"user_id": pl.Int64, "course_id": pl.Int64}


class Standings(NamedTuple):
    """Rows of `unit_progress` and `course_progress`, one for each enrolled learner and unit or course."""

    units: pl.DataFrame
    courses: pl.DataFrame


def standings(
    shapes: Iterable[CourseShape], enrolled: pl.DataFrame, progress: pl.DataFrame, evidence: pl.DataFrame
) -> Standings:
    """Derive the rows of the enrolled learners (user_id, course_id) from their modules' (PROGRESS_SCHEMA).

    `evidence`: their events in key modules (KEY_EVIDENCE_SCHEMA), if there are any.
    """
    all_shapes = list(shapes)
    completions = progress.filter(pl.col("completed_at").is_not_null()).select("user_id", "module_id", "completed_at")
    counting = _counting(all_shapes)
    done = completions.join(counting, on="module_id").join(enrolled, on=["user_id", "course_id"], how="semi")
    units = _units(all_shapes, enrolled, counting, done).join(
        _activity(all_shapes, progress), on=["user_id", "unit_id"], how="left"
    )
    courses = _courses(all_shapes, enrolled, units)
    unit_epochs = {u: shape.epochs_of_unit(u) for shape in all_shapes for u in shape.unit_ids}
    return Standings(
        units=units.join(_first_complete(unit_epochs, completions, "unit_id"), on=["user_id", "unit_id"], how="left")
        .select(*_KEYS["unit"], "completed_modules_count", "total_modules", *_MOMENTS),
        courses=courses.join(
            _courses_completed(all_shapes, completions, evidence), on=["user_id", "course_id"], how="left"
        ).select(
            *_KEYS["course"],
            *("completed_units_count", "total_units", "completed_modules_count", "total_modules"),
            *_MOMENTS,
        ),
    )  # fmt: skip


_KEYS = {
    "unit": ("user_id", "unit_id", "completion_percentage"),
    "course": ("user_id", "course_id", "completion_percentage"),
}


def rules_frame(shapes: Iterable[CourseShape]) -> pl.DataFrame:
    """The rules of all modules, as `module_states` takes them."""
    rows = [{"module_id": m.module_id, **vars(m.rule)} for shape in shapes for m in shape.modules.values()]
    return pl.DataFrame(rows, schema=RULE_SCHEMA, orient="row")


def _counting(shapes: list[CourseShape]) -> pl.DataFrame:
    rows = [(m, shape.modules[m].unit_id, shape.course_id) for shape in shapes for m in shape.counting]
    return pl.DataFrame(rows, schema={"module_id": pl.Int64, "unit_id": pl.Int64, "course_id": pl.Int64}, orient="row")


def _units(
    shapes: list[CourseShape], enrolled: pl.DataFrame, counting: pl.DataFrame, done: pl.DataFrame
) -> pl.DataFrame:
    rows = [(u, shape.course_id) for shape in shapes for u in shape.unit_ids]
    all_units = pl.DataFrame(rows, schema={"unit_id": pl.Int64, "course_id": pl.Int64}, orient="row")
    totals = counting.group_by("unit_id").agg(total_modules=pl.len().cast(pl.Int64))
    counted = done.group_by("user_id", "unit_id").agg(
        completed_modules_count=pl.len().cast(pl.Int64), last_completed_at=pl.col("completed_at").max()
    )
    return (
        enrolled.join(all_units, on="course_id")
        .join(totals, on="unit_id", how="left")
        .join(counted, on=["user_id", "unit_id"], how="left")
        .with_columns(pl.col("total_modules", "completed_modules_count").fill_null(0))
        .with_columns(completion_percentage=_percentage("completed_modules_count", "total_modules"))
    )


def _activity(shapes: list[CourseShape], progress: pl.DataFrame) -> pl.DataFrame:
    """(user_id, unit_id) with the latest activity in the unit's modules, those that do not count too."""
    rows = [(m.module_id, m.unit_id) for shape in shapes for m in shape.modules.values()]
    modules = pl.DataFrame(rows, schema={"module_id": pl.Int64, "unit_id": pl.Int64}, orient="row")
    return progress.join(modules, on="module_id").group_by("user_id", "unit_id").agg(pl.col(*_ACTIVITY).max())


def _courses(shapes: list[CourseShape], enrolled: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    counts = pl.col("total_modules") > 0
    is_complete = counts & (pl.col("completed_modules_count") == pl.col("total_modules"))
    summed = units.group_by("user_id", "course_id").agg(
        pl.col("last_completed_at", *_ACTIVITY).max(),
        completed_units_count=is_complete.sum().cast(pl.Int64),
        total_units=counts.sum().cast(pl.Int64),
        completed_modules_count=pl.col("completed_modules_count").sum(),
        total_modules=pl.col("total_modules").sum(),
    )
    numbers = ["completed_units_count", "total_units", "completed_modules_count", "total_modules"]
    return (
        enrolled.join(summed, on=["user_id", "course_id"], how="left")
        .with_columns(pl.col(numbers).fill_null(0))
        .with_columns(completion_percentage=_percentage("completed_units_count", "total_units"))
    )


def _courses_completed(shapes: list[CourseShape], completions: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """(user_id, course_id, completed_at), by the course's rule, or by all units if it never had one."""
    ruled = [shape for shape in shapes if shape.rule_versions]
    by_units = {shape.course_id: shape.epochs for shape in shapes if not shape.rule_versions}
    completed = _first_complete(by_units, completions, "course_id")
    return pl.concat([completed, completion_moments(ruled, completions, evidence)]) if ruled else completed


def _percentage(done: str, total: str) -> pl.Expr:
    """As `standing.percentage`, to the last bit: 100·a is exact, so both round once, in the division."""
    return pl.when(pl.col(total) > 0).then((100 * pl.col(done)).cast(pl.Float64) / pl.col(total).cast(pl.Float64))


def _first_complete(scopes: dict[int, tuple[Epoch, ...]], completions: pl.DataFrame, key: str) -> pl.DataFrame:
    """(user_id, key, completed_at): the first moment at which everything that counted then was complete."""
    numbered = [(scope, number, epoch) for scope, epochs in scopes.items() for number, epoch in enumerate(epochs)]
    members = pl.DataFrame(
        [(scope, number, module) for scope, number, epoch in numbered for module in epoch.module_ids],
        schema={key: pl.Int64, "epoch": pl.Int64, "module_id": pl.Int64},
        orient="row",
    )
    epochs = pl.DataFrame(
        [(s, n, naive_utc(e.starts_at), e.ends_at and naive_utc(e.ends_at), len(e.module_ids)) for s, n, e in numbered],
        schema={key: pl.Int64, "epoch": pl.Int64, "starts_at": TIME, "ends_at": TIME, "size": pl.UInt32},
        orient="row",
    )
    return (
        completions.join(members, on="module_id")
        .group_by("user_id", key, "epoch")
        .agg(done=pl.len(), latest=pl.col("completed_at").max())
        .join(epochs, on=[key, "epoch"])
        .filter(pl.col("done") == pl.col("size"))
        .with_columns(completed_at=pl.max_horizontal("latest", "starts_at"))
        .filter(pl.col("ends_at").is_null() | (pl.col("completed_at") < pl.col("ends_at")))
        .group_by("user_id", key)
        .agg(pl.col("completed_at").min())
    )
