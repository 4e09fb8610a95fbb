"""Storing who learns and teaches in which class, as the rows of enrollments.csv say, and the outcome of each row.

`enrolling` updates the enrolments in the classes' courses.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import ClassLearner, ClassTeacher, SchoolClass, User
from data.record import Transaction
from data.school_days import today_of
from data.source_rows import Tally, numbered, stored_rows, write_rows
from progress.courses.classes import class_days
from progress.importers.oneroster.storing import known_ids
from progress.importers.oneroster.stretches import (
    KEY,
    begins_anew,
    closed_stretches,
    kept_stretches,
    matched_rows,
    new_stretches,
)
from progress.importers.oneroster.table import Table

_TABLES: dict[str, type[ClassLearner] | type[ClassTeacher]] = {"student": ClassLearner, "teacher": ClassTeacher}
_SPAN = ("id", *KEY, "external_id", "joined_on", "left_on")
_RESULT = ("line", *KEY, "outcome", "reason")
_NUMBERED = pl.DataFrame(schema={"line": pl.Int64, "id": pl.Int64})


@dataclass(frozen=True)
class Memberships:
    """`results`: the outcome of each row, and of each stretch that ended without a row (its line is null).

    `over`: new stretches that had already ended, with `joined_on` and `left_on`.
    """

    results: pl.DataFrame
    over: pl.DataFrame

    @property
    def tally(self) -> Tally:
        count: dict[str, int] = dict(self.results.group_by("outcome").len().rows())
        return Tally(**{word: count.get(word, 0) for word in ("created", "updated", "unchanged", "ended")})


def store_memberships(
    tx: Transaction, table: Table, rows: pl.DataFrame, role: str, in_scope: pl.Series, known: pl.Series, now: datetime
) -> Memberships:
    """Store the learners, or the teachers, of classes.

    In the classes in scope, a member without a row leaves. `known` are the classes that existed before this import.
    """
    model, own = _TABLES[role], rows.filter(pl.col("role") == role)
    in_classes = matches_any(tx, model.class_id, pl.concat([own["class_id"], in_scope]).unique())
    of_people = matches_any(tx, model.user_id, rows["user_id"].unique())
    stored = stored_rows(tx, model, in_classes | of_people).sort("joined_on", "id")
    days = today_of(class_days(tx, stored["class_id"].unique()), now).select(
        "class_id", "class_name", "course_id", "today"
    )
    spans = stored.join(days, on="class_id", maintain_order="left").filter(
        pl.col("joined_on").ne_missing(pl.col("left_on"))  # equal if they never began
    )
    is_past = (pl.col("left_on") <= pl.col("today")).fill_null(False)
    current, past = spans.filter(~is_past), spans.filter(is_past)

    matched = matched_rows(own, current, in_scope, table.raw["sourcedId"].drop_nulls())
    kept = kept_stretches(matched)
    others = current.join(matched, on="id", how="anti", maintain_order="left")
    closed = closed_stretches(rows, role, others, in_scope, _refused(tx, table))
    had_begun = pl.col("joined_on") < pl.col("left_on")
    over, gone = kept.filter(pl.col("is_over") & had_begun), closed.filter(had_begun)
    left = pl.concat([frame.select("user_id", "course_id", "left_on") for frame in (past, gone, over)])
    new = new_stretches(own.join(matched, on="line", how="anti", maintain_order="left"), past, left, gone, known)
    split = matched.filter(begins_anew()).with_columns(joined_on="begins_on").drop("id")
    created = numbered(tx, model, pl.concat([new, split], how="diagonal"), _NUMBERED, ["line"])
    write_rows(tx, model, pl.concat([frame.select(_SPAN) for frame in (kept, closed, created)]), stored, ["id"])
    unused = _results_of_unused(own, kept, created, past)
    results = [_results_of_kept(kept), _results_of_closed(closed, role), _results_of_new(created), unused]
    return Memberships(pl.concat(results), created.filter("is_over"))


def report_lines(tx: Transaction, table: Table, results: pl.DataFrame) -> pl.DataFrame:
    """Report each line's outcome to the table; returns the outcomes without a line (LINES_SCHEMA)."""
    table.report(results.drop_nulls("line").select("line", "outcome", "reason"))
    without = results.filter(pl.col("line").is_null())
    people = select(User.id.label("user_id"), User.full_name.label("subject"))
    names = rows_where(
        tx,
        people.where(matches_any(tx, User.id, without["user_id"].unique())),
        {"user_id": pl.Int64, "subject": pl.String},
    )
    return without.join(names, on="user_id", maintain_order="left").select(
        pl.lit(table.name).alias("file"), "line", "outcome", "subject", "reason"
    )


def _refused(tx: Transaction, table: Table) -> pl.DataFrame:
    """The refused rows' external_id and KEY, which is null where unknown."""
    refused = table.raw.join(table.rows, on="line", how="anti").select(
        "classSourcedId", "userSourcedId", external_id="sourcedId"
    )
    for column, model, name in (("classSourcedId", SchoolClass, "class_id"), ("userSourcedId", User, "user_id")):
        ids = known_ids(tx, model, refused[column]).select(
            pl.col("external_id").alias(column), pl.col("id").alias(name)
        )
        refused = refused.join(ids, on=column, how="left", maintain_order="left")
    return refused.select("external_id", *KEY)


def _results_of_kept(kept: pl.DataFrame) -> pl.DataFrame:
    has_changed = pl.col("joined_on").ne_missing(pl.col("was_joined_on")) | pl.col("left_on").ne_missing(
        pl.col("was_left_on")
    )
    ends = pl.col("left_on").is_not_null() & (pl.col("left_on") <= pl.max_horizontal("today", "joined_on"))
    outcome = pl.when(~has_changed).then(pl.lit("unchanged")).when(ends).then(pl.lit("ended"))
    reason = (
        pl.when(begins_anew())
        .then(pl.format("out of the class until {}", "begins_on"))
        .when(ends)
        .then(pl.format("over since {}", "left_on"))
        .when(pl.col("left_on").is_not_null())
        .then(pl.format("ends on {}", "left_on"))
        .when(pl.col("joined_on") > pl.col("today"))
        .then(pl.format("begins on {}", "joined_on"))
        .otherwise(pl.lit("no end any more"))
    )
    return kept.with_columns(
        outcome=outcome.otherwise(pl.lit("updated")), reason=pl.when(has_changed).then(reason)
    ).select(_RESULT)


def _results_of_closed(closed: pl.DataFrame, role: str) -> pl.DataFrame:
    word = {"student": "learns", "teacher": "teaches"}[role]
    reason = (
        pl.when(pl.col("line").is_null())
        .then(pl.format("no longer listed in {}", "class_name"))
        .otherwise(pl.format(f"{word} no longer in {{}}", "class_name"))
    )
    return closed.with_columns(outcome=pl.lit("ended"), reason=reason).select(_RESULT)


def _results_of_new(created: pl.DataFrame) -> pl.DataFrame:
    is_back = pl.col("was_here_until").is_not_null()
    reason = (
        pl.when("is_over")
        .then(pl.format("over since {}", "left_on"))
        .when(pl.col("joined_on") > pl.col("today"))
        .then(pl.format("begins on {}", "joined_on"))
        .when(is_back)
        .then(pl.lit("in the class again"))
    )
    outcome = pl.when(is_back).then(pl.lit("updated")).otherwise(pl.lit("created"))
    return created.with_columns(outcome=outcome, reason=reason).select(_RESULT)


def _results_of_unused(
    own: pl.DataFrame, kept: pl.DataFrame, created: pl.DataFrame, past: pl.DataFrame
) -> pl.DataFrame:
    """Rows about stretches that were already over, or never began."""
    rest = own.join(kept, on="line", how="anti").join(created, on="line", how="anti")
    here = past.select(KEY).unique().with_columns(was_here=pl.lit(True))
    joined = rest.join(here, on=KEY, how="left", maintain_order="left")
    reason = pl.when(pl.col("was_here").is_null()).then(pl.lit("was not in the class"))
    return joined.with_columns(outcome=pl.lit("unchanged"), reason=reason).select(_RESULT)
