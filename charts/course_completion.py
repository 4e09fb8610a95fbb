"""The enrolments of each course by status, as stacked bars and in words."""

import math
from typing import Any

import polars as pl
from plotly.graph_objects import Bar, Figure

from charts.drawn_once import drawn_once
from charts.labels import counted, literal, short_label
from charts.theme import DONE, ROW_PIXELS, STILL_TO_DO, TRACK, calm_figure, hidden_axis, row_title

_PARTS = (
    ("completed_learners_count", "Completed", DONE, ""),
    ("open_learners_count", "Not completed", TRACK, ""),
    ("dropped_learners_count", "Dropped", STILL_TO_DO, "/"),
)
_OPEN = (pl.col("learners_count") - pl.col("completed_learners_count")).alias("open_learners_count")
_LONGEST_LABEL = 34
_THICKNESS = 0.26
_PIXELS_ABOVE = 60


@drawn_once
def course_completion(frame: pl.DataFrame) -> Figure:
    """One bar per course, in the frame's order from the top, divided by the status of enrolments.

    Next to it stands the mean share of modules that learners have completed. Takes the columns of `course_summary`.
    """
    shown = frame.with_columns(_OPEN, label=short_label(pl.col("course_title"), _LONGEST_LABEL))
    figure = calm_figure(
        [_bars(shown, *part) for part in _PARTS],
        height=_PIXELS_ABOVE + ROW_PIXELS * frame.height,
        barmode="stack",
        showlegend=True,
        xaxis=hidden_axis(rangemode="tozero"),
        yaxis=hidden_axis(range=[frame.height - 0.5, -0.75]),
        annotations=[note for place, row in enumerate(shown.rows(named=True)) for note in _words(row, place)],
    )
    return figure.update_layout(legend_traceorder="normal")


def course_completion_summary(frame: pl.DataFrame) -> str:
    """The chart in words: all enrolments by status, and the courses with the highest and lowest means."""
    done, still_open, dropped = frame.with_columns(_OPEN).select(pl.sum(*(column for column, *_ in _PARTS))).row(0)
    courses = counted(frame.height, "course")
    sums = f"{courses}: {done:,} enrolments completed, {still_open:,} not completed, {dropped:,} dropped."
    ranked = frame.drop_nulls("mean_modules_percentage").sort("mean_modules_percentage", descending=True)
    if ranked.height < 2:
        return sums
    first, last = ranked.row(0, named=True), ranked.row(-1, named=True)
    return f"{sums} Highest mean: {_mean_text(first)}; lowest: {_mean_text(last)}."


def _bars(frame: pl.DataFrame, column: str, name: str, colour: str, pattern: str) -> Bar:
    hover = pl.format(f"<b>{{}}</b><br>{name}: {{}}", literal(pl.col("course_title")), column)
    return Bar(
        x=frame[column].to_list(),
        y=list(range(frame.height)),
        orientation="h",
        name=name,
        width=_THICKNESS,
        marker={"color": colour, "pattern": {"shape": pattern}, "line": {"color": STILL_TO_DO, "width": 1}},
        hovertext=frame.select(hover).to_series().to_list(),
        hoverinfo="text",
    )


def _words(row: dict[str, Any], place: int) -> list[dict[str, Any]]:
    """The labels of a bar: the course above it on the left, the mean on the right."""
    mean = "" if row["mean_modules_percentage"] is None else f"mean {math.floor(row['mean_modules_percentage'])}%"
    return [row_title(row["label"], place), row_title(mean, place) | {"x": 1, "xanchor": "right"}]


def _mean_text(row: dict[str, Any]) -> str:
    return f"{row['course_title']} ({math.floor(row['mean_modules_percentage'])}%)"
