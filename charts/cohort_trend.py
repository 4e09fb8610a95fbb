"""A measure of several courses or classes by week, as a line chart and in words."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
from plotly.graph_objects import Figure

from charts.drawn_once import drawn_once
from charts.labels import counted, literal, short_label
from charts.theme import ACCENTS, calm_figure

Cohort = Literal["course", "class"]


@dataclass(frozen=True)
class Measure:
    """A column of the frame and its name for people; `count` is the column with the count behind a share."""

    column: str
    title: str
    count: str | None = None
    is_percentage: bool = True

    def text(self, value: float) -> str:
        return f"{math.floor(value)}%" if self.is_percentage else f"{value:.2f}"


MEAN = Measure("mean_modules_percentage", "Mean share of modules")
MEDIAN = Measure("median_modules_percentage", "Median share of modules")
ACTIVE = Measure("active_percentage", "Active learners", "active_learners_count")
COMPLETIONS = Measure("units_per_learner", "Units completed per learner", "completed_units_count", is_percentage=False)

# Lines differ by colour and by dash, so they can be distinguished in grey print and with any colour vision.
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_TITLE = {"course": "course_title", "class": "class_name"}
_LONGEST_LABEL = 26
_MOST_TICKS = 5
_HEIGHT = 300
_LEGEND_ROW_PIXELS = 22


@drawn_once
def cohort_trend(frame: pl.DataFrame, measure: Measure, of: Cohort = "course") -> Figure:
    """One line per course or class, one point per week. Takes the columns of `cohort_trend` or of `class_trend`.

    A week without a figure (nobody enrolled yet) leaves a gap. The current week is an open mark on a thin line, so that
    it is not mistaken for a fall.
    """
    parts = _parts(frame, of)
    lines = [_line(part.filter(~pl.col("is_so_far")), measure, of, place) for place, part in enumerate(parts)]
    so_far = [_so_far(part, measure, of, place) for place, part in enumerate(parts) if part["is_so_far"].any()]
    return calm_figure(
        lines + so_far,
        height=_HEIGHT + _LEGEND_ROW_PIXELS * len(lines),
        hovermode="closest",
        showlegend=True,
        xaxis=_ticks(frame.select("week_starts_on", "is_so_far").unique().sort("week_starts_on")),
        yaxis={
            "showgrid": True,
            "rangemode": "tozero",
            "nticks": 5,
            "ticksuffix": "%" if measure.is_percentage else "",
        },
    )


def cohort_trend_summary(frame: pl.DataFrame, measure: Measure, of: Cohort = "course") -> str:
    """The chart in words: each line's first and last figure, the latter with its n, and the current week's figure."""
    parts = [part.drop_nulls(measure.column) for part in _parts(frame, of)]
    texts = [_ends_text(part, measure, of) for part in parts if part.height]
    return f"{measure.title} per week. " + (" ".join(texts) or "No figures yet.")


def _ticks(weeks: pl.DataFrame) -> dict[str, Any]:
    """Ticks on the first day of weeks (plotly would choose Sundays), with the year where it changes.

    The current week's tick says that it is not over; ticks too close to it are left out.
    """
    step = max(1, math.ceil(weeks.height / _MOST_TICKS))
    dates = weeks["week_starts_on"].to_list()
    unfinished = weeks.filter("is_so_far")["week_starts_on"].to_list()
    shown = [week for week in dates[::step] if not unfinished or (unfinished[0] - week).days >= 7 * step]
    years = [None, *(week.year for week in shown)]
    texts = [
        f"{week.day} {week:%b}" + ("" if week.year == before else f"<br>{week.year}")
        for week, before in zip(shown, years, strict=False)
    ]
    texts += ["This week<br>so far"] * len(unfinished)
    return {"tickvals": [str(week) for week in shown + unfinished], "ticktext": texts, "ticklabelstandoff": 8}


def _parts(frame: pl.DataFrame, of: Cohort) -> list[pl.DataFrame]:
    return frame.sort("week_starts_on").sort(_TITLE[of], maintain_order=True).partition_by(f"{of}_id")


def _line(part: pl.DataFrame, measure: Measure, of: Cohort, place: int) -> dict[str, Any]:
    return _trace(part, measure, of, place) | {
        "mode": "lines" if part.height > 1 else "markers",
        "line": {"color": ACCENTS[place % len(ACCENTS)], "width": 2.5, "dash": _DASHES[place % len(_DASHES)]},
    }


def _so_far(part: pl.DataFrame, measure: Measure, of: Cohort, place: int) -> dict[str, Any]:
    """The thin line from the last complete week to the current one."""
    ends = part.tail(2)
    colour = ACCENTS[place % len(ACCENTS)]
    return _trace(ends, measure, of, place) | {
        "mode": "lines+markers",
        "line": {"color": colour, "width": 1, "dash": "dot"},
        "marker": {"symbol": "circle-open", "color": colour, "size": [0] * (ends.height - 1) + [10]},
        "showlegend": False,
        "hovertemplate": _hover(measure).replace("week from", "so far in the week from"),
    }


def _trace(part: pl.DataFrame, measure: Measure, of: Cohort, place: int) -> dict[str, Any]:
    """A trace as a plain dict: a Scatter would be validated, copied, and validated again by its Figure.

    Weeks are text, because plotly iterates over date objects several times.
    """
    title = pl.col(_TITLE[of])
    named = part.select(title.first(), label=short_label(title, _LONGEST_LABEL).first(), literal=literal(title).first())
    counts = ["learners_count", *([measure.count] if measure.count else [])]
    return {
        "type": "scatter",
        "x": part["week_starts_on"].cast(pl.String).to_list(),
        "y": part[measure.column].to_list(),
        "name": named["label"][0],
        "legendrank": place,
        "connectgaps": False,
        "meta": named["literal"][0],
        "customdata": [list(row) for row in part.select(counts).rows()],
        "hovertemplate": _hover(measure),
    }


def _hover(measure: Measure) -> str:
    figure = "%{y:.1f}%" if measure.is_percentage else "%{y:.2f}"
    count = " (%{customdata[1]})" if measure.count else ""
    week = "week from %{x|%-d %B %Y}"
    return f"<b>%{{meta}}</b><br>{measure.title}: {figure}{count}<br>{week}, n = %{{customdata[0]}}<extra></extra>"


def _ends_text(part: pl.DataFrame, measure: Measure, of: Cohort) -> str:
    over, unfinished = part.filter(~pl.col("is_so_far")), part.filter("is_so_far")
    texts = []
    if over.height:
        figures = over[measure.column]
        learners = counted(over["learners_count"][-1], "learner")
        texts.append(f"from {measure.text(figures[0])} to {measure.text(figures[-1])} ({learners} at the end)")
    texts += [f"{measure.text(figure)} so far this week" for figure in unfinished[measure.column]]
    return f"{part[_TITLE[of]][0]}: {', '.join(texts)}."
