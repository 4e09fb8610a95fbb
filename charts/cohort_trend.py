"""A measure of several courses or classes week by week, as lines, and the same in words."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl
from plotly.graph_objects import Figure

from charts.labels import counted, literal, short_label
from charts.theme import ACCENTS, calm_figure

Cohort = Literal["course", "class"]


@dataclass(frozen=True)
class Measure:
    """A column of the frame, how it is called, and whether it is a percentage."""

    column: str
    title: str
    is_percentage: bool = False

    def text(self, value: float) -> str:
        return f"{math.floor(value)}%" if self.is_percentage else f"{value:,.0f}"


MEAN = Measure("mean_percentage", "Mean percentage", is_percentage=True)
MEDIAN = Measure("median_percentage", "Median percentage", is_percentage=True)
ACTIVE = Measure("active_learners_count", "Active learners")
COMPLETIONS = Measure("completed_units_count", "Units completed")

# Two lines differ by colour and by dash, so they stay apart in grey print and in any colour vision.
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_TITLE = {"course": "course_title", "class": "class_name"}
_LONGEST_LABEL = 26
_MOST_TICKS = 5
_HEIGHT = 300
_LEGEND_ROW_PIXELS = 22


def cohort_trend(frame: pl.DataFrame, measure: Measure, of: Cohort = "course") -> Figure:
    """One line per course or class, one point per week. Takes the columns of `cohort_trend` or of `class_trend`.

    A week without a figure (nobody enrolled yet) leaves a gap.
    """
    lines = [_line(part, measure, of, place) for place, part in enumerate(_parts(frame, of))]
    return calm_figure(
        lines,
        height=_HEIGHT + _LEGEND_ROW_PIXELS * len(lines),
        hovermode="closest",
        showlegend=True,
        xaxis=_ticks(frame["week_starts_on"].unique().sort().to_list()),
        yaxis={
            "showgrid": True,
            "rangemode": "tozero",
            "nticks": 5,
            "ticksuffix": "%" if measure.is_percentage else "",
        },
    )


def cohort_trend_summary(frame: pl.DataFrame, measure: Measure, of: Cohort = "course") -> str:
    """The chart in words: for each line its first and its last figure, with n at the end."""
    parts = [part.drop_nulls(measure.column) for part in _parts(frame, of)]
    texts = [_ends_text(part, measure, of) for part in parts if part.height]
    return f"{measure.title} per week. " + (" ".join(texts) or "No figures yet.")


def _ticks(weeks: list[date]) -> dict[str, Any]:
    """Ticks on the first day of weeks (plotly would choose Sundays), with the year where it is new."""
    shown = weeks[:: max(1, math.ceil(len(weeks) / _MOST_TICKS))]
    years = [None, *(week.year for week in shown)]
    texts = [
        f"{week.day} {week:%b}" + ("" if week.year == before else f"<br>{week.year}")
        for week, before in zip(shown, years, strict=False)
    ]
    return {"tickvals": [str(week) for week in shown], "ticktext": texts, "ticklabelstandoff": 8}


def _parts(frame: pl.DataFrame, of: Cohort) -> list[pl.DataFrame]:
    return frame.sort("week_starts_on").sort(_TITLE[of], maintain_order=True).partition_by(f"{of}_id")


def _line(part: pl.DataFrame, measure: Measure, of: Cohort, place: int) -> dict[str, Any]:
    """A trace as plotly's own words: a Scatter would be checked, copied and checked again by its Figure.

    Weeks are text, because plotly walks through date objects several times.
    """
    title = pl.col(_TITLE[of])
    return {
        "type": "scatter",
        "x": part["week_starts_on"].cast(pl.String).to_list(),
        "y": part[measure.column].to_list(),
        "name": part.select(short_label(title, _LONGEST_LABEL)).item(0, 0),
        "mode": "lines" if part.height > 1 else "markers",
        "line": {"color": ACCENTS[place % len(ACCENTS)], "width": 2.5, "dash": _DASHES[place % len(_DASHES)]},
        "connectgaps": False,
        "meta": part.select(literal(title)).item(0, 0),
        "customdata": part["learners_count"].to_list(),
        "hovertemplate": _hover(measure),
    }


def _hover(measure: Measure) -> str:
    figure = "%{y:.1f}%" if measure.is_percentage else "%{y}"
    week = "week from %{x|%-d %B %Y}"
    return f"<b>%{{meta}}</b><br>{measure.title}: {figure}<br>{week}, n = %{{customdata}}<extra></extra>"


def _ends_text(part: pl.DataFrame, measure: Measure, of: Cohort) -> str:
    figures = part[measure.column]
    learners = counted(part["learners_count"][-1], "learner")
    ends = f"from {measure.text(figures[0])} to {measure.text(figures[-1])}"
    return f"{part[_TITLE[of]][0]}: {ends} ({learners} at the end)."
