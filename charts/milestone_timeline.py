"""A learner's milestones on a timeline: completed modules, units and courses, with a row for each course."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from plotly.graph_objects import Figure, Scatter

from charts.drawn_once import drawn_once
from charts.labels import literal, short_label
from charts.theme import DONE, GRID, ROW_PIXELS, STILL_TO_DO, UNDER_WAY, calm_figure, hidden_axis, row_title

_LONGEST_TITLE = 44
_PIXELS_BESIDE_ROWS = 90
_MOST_TICKS = 5
_ROOM_BESIDE = 0.08  # room for the labels of the first and last day, on a phone too
_TICK_REACH = 0.19  # of a row; its title begins at 0.24


@dataclass(frozen=True)
class _Mark:
    """How one type of milestone is drawn; types differ by shape and size as well as by colour."""

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


@drawn_once
def milestone_timeline(milestones: pl.DataFrame, today: date) -> Figure:
    """Takes rows of `milestone_timeline`, with `occurred_at` in the reader's local time.

    It ends with `today`, so that recent inactivity is visible.
    """
    courses = milestones.select("course_id", "course_title").unique("course_id").sort("course_title", "course_id")
    courses = courses.with_columns(row=-pl.int_range(pl.len()))
    placed = milestones.join(courses.select("course_id", "row"), on="course_id")
    titles = courses.with_columns(short_label(pl.col("course_title"), _LONGEST_TITLE)).iter_rows(named=True)
    ticks = _ticks(milestones["occurred_at"].dt.date().min(), today)
    return calm_figure(
        [_marks(placed.filter(subject_type=mark.subject_type), mark) for mark in _MARKS],
        height=_PIXELS_BESIDE_ROWS + ROW_PIXELS * courses.height,
        xaxis=_axis(ticks),
        yaxis=hidden_axis(range=[0.4 - courses.height, 0.9]),
        annotations=[row_title(course["course_title"], course["row"]) for course in titles],
        shapes=[line for row in range(courses.height) for line in (_thread(-row), *_tick_lines(-row, ticks))],
        showlegend=True,
    )


def _ticks(first: Any, today: date) -> list[date]:
    """Evenly spaced days from the first milestone to today."""
    whole = max(0, (today - first).days)
    count = min(_MOST_TICKS, whole + 1)
    return [today - timedelta(days=round(whole * place / max(1, count - 1))) for place in reversed(range(count))]


def _axis(ticks: list[date]) -> dict[str, Any]:
    """The axis from the first tick to the end of the last, which is today, with room for marks at both ends."""
    room = (ticks[-1] - ticks[0]) * _ROOM_BESIDE + timedelta(days=1)
    years = [None, *(tick.year for tick in ticks)]
    texts = [
        f"{tick.day} {tick:%b}" + ("" if tick.year == before else f"<br>{tick.year}")
        for tick, before in zip(ticks, years, strict=False)
    ]
    return {
        "type": "date",
        "range": [str(ticks[0] - room), str(ticks[-1] + room + timedelta(days=1))],
        "tickvals": [str(tick) for tick in ticks],
        "ticktext": [*texts[:-1], "Today"],
    }


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


def _thread(row: int) -> dict[str, Any]:
    """The line on which a course's milestones sit."""
    return _line({"xref": "paper", "x0": 0, "x1": 1, "y0": row, "y1": row}, width=2)


def _tick_lines(row: int, ticks: list[date]) -> list[dict[str, Any]]:
    """Short grid lines around each course's line, so that none runs through a title."""
    ends = {"y0": row - _TICK_REACH, "y1": row + _TICK_REACH}
    return [_line({"x0": str(tick), "x1": str(tick), **ends}, width=1) for tick in ticks]


def _line(ends: dict[str, Any], *, width: int) -> dict[str, Any]:
    return {"type": "line", "layer": "below", "line": {"color": GRID, "width": width}, **ends}
