"""A learner's milestones in time: completed modules, units and courses, a row per course. It draws what it is given."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from plotly.graph_objects import Figure, Scatter

from charts.labels import literal, short_label
from charts.theme import DONE, GRID, ROW_PIXELS, STILL_TO_DO, UNDER_WAY, calm_figure, hidden_axis, row_title

_LONGEST_TITLE = 44
_PIXELS_BESIDE_ROWS = 90


@dataclass(frozen=True)
class _Mark:
    """How one type of milestone is drawn: each differs by shape and size as well as by colour."""

    subject_type: str
    name: str
    symbol: str
    size: int
    colour: str


_MARKS = (
    _Mark("module", "Module", "circle", 8, STILL_TO_DO),
    _Mark("unit", "Unit", "diamond", 13, DONE),
    _Mark("course", "Course", "star", 19, UNDER_WAY),
)


def milestone_timeline(milestones: pl.DataFrame) -> Figure:
    """Takes rows of `milestone_timeline`, with `occurred_at` as the clock of the reader's time zone showed it."""
    courses = milestones.select("course_id", "course_title").unique("course_id").sort("course_title", "course_id")
    courses = courses.with_columns(row=-pl.int_range(pl.len()))
    placed = milestones.join(courses.select("course_id", "row"), on="course_id")
    titles = courses.with_columns(short_label(pl.col("course_title"), _LONGEST_TITLE)).iter_rows(named=True)
    return calm_figure(
        [_marks(placed.filter(subject_type=mark.subject_type), mark) for mark in _MARKS],
        height=_PIXELS_BESIDE_ROWS + ROW_PIXELS * courses.height,
        xaxis={"type": "date", "showgrid": True, "nticks": 6, "tickformat": "%-d %b<br>%Y"},
        yaxis=hidden_axis(range=[0.4 - courses.height, 0.9]),
        annotations=[row_title(course["course_title"], course["row"]) for course in titles],
        shapes=[_line(-row) for row in range(courses.height)],
        showlegend=True,
    )


def _marks(milestones: pl.DataFrame, mark: _Mark) -> Scatter:
    hover = pl.format("{}<br>{}", literal(pl.col("subject_title")), pl.col("occurred_at").dt.strftime("%-d %B %Y"))
    return Scatter(
        x=milestones["occurred_at"].dt.to_string("%Y-%m-%d %H:%M:%S").to_list(),
        y=milestones["row"].to_list(),
        name=mark.name,
        mode="markers",
        marker={"symbol": mark.symbol, "size": mark.size, "color": mark.colour},
        hovertext=milestones.select(hover).to_series().to_list(),
        hoverinfo="text",
    )


def _line(row: int) -> dict[str, Any]:
    """The thread on which a course's milestones hang."""
    line = {"color": GRID, "width": 2}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": row, "y1": row, "layer": "below", "line": line}
