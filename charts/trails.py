"""Trails: a row for each course or unit, divided into equal parts that are filled by the learner's progress in them.

The caller's frame says what counts; a row in which nothing counts has a title and no parts.
"""

from typing import Any

import polars as pl
from plotly.graph_objects import Bar, Figure

from charts.drawn_once import drawn_once
from charts.labels import literal, short_label
from charts.theme import DONE, ROW_PIXELS, STILL_TO_DO, TRACK, UNDER_WAY, calm_figure, hidden_axis, row_title

_LENGTH = 100.0
_WIDEST_GAP = 0.8
_WIDEST_SHARE_OF_GAP = 0.12
_THICKNESS = 0.24
_LEAST_FILL = 0.2  # so that what has just begun is visible
_MOST_FILL = 0.9  # so that what is not complete does not look complete
_LONGEST_TITLE = 44
_PIXELS_BESIDE_ROWS = 44


@drawn_once
def course_trails(courses: pl.DataFrame, units: pl.DataFrame) -> Figure:
    """A row per course with a part per unit that counts. Takes rows of `course_progress` and of `unit_progress`."""
    done, total = pl.col("completed_modules_count"), pl.col("total_modules")
    parts = units.filter(pl.col("status").is_not_null()).select(
        row_id="course_id",
        order=pl.struct("unit_position", "unit_id"),
        state="status",
        share=pl.col("completion_percentage") / 100,
        hover=pl.format("{}<br>{} of {} modules", literal(pl.col("unit_title")), done, total),
    )
    return _trails(_rows(courses, "course_id", "course_title"), parts)


@drawn_once
def unit_trails(units: pl.DataFrame, modules: pl.DataFrame) -> Figure:
    """A row per unit with a part per module that counts. Takes rows of `unit_progress` and of `module_progress`."""
    words = {"completed": "Complete", "in_progress": "Under way", "not_started": "To do"}
    parts = modules.filter("counts").select(
        row_id="unit_id",
        order=pl.struct("module_position", "module_id"),
        state="status",
        share=pl.col("completion_percentage") / 100,
        hover=pl.format("{}<br>{}", literal(pl.col("module_title")), pl.col("status").replace(words)),
    )
    return _trails(_rows(units, "unit_id", "unit_title"), parts)


def _rows(frame: pl.DataFrame, row_id: str, title: str) -> pl.DataFrame:
    return frame.select(
        row_id=row_id,
        row=-pl.int_range(pl.len()),
        title=short_label(pl.col(title), _LONGEST_TITLE),
        percent=pl.format("{}%", "shown_percentage").fill_null("–"),
    )


def _trails(rows: pl.DataFrame, parts: pl.DataFrame) -> Figure:
    height = max(1, rows.height)
    placed = _placed(parts.join(rows, on="row_id"))
    return calm_figure(
        [
            _track(placed),
            _fill(placed, "completed", "Complete", DONE),
            _fill(placed, "in_progress", "Under way", UNDER_WAY),
        ],
        height=_PIXELS_BESIDE_ROWS + ROW_PIXELS * height,
        xaxis=hidden_axis(range=[0, _LENGTH]),
        yaxis=hidden_axis(range=[0.7 - height, 0.85]),
        annotations=[note for row in rows.iter_rows(named=True) for note in _row_words(row)],
        barmode="overlay",
        showlegend=True,
    )


def _placed(parts: pl.DataFrame) -> pl.DataFrame:
    """The parts of each row next to each other, with their start, width and fill."""
    gap = pl.min_horizontal(_LENGTH * _WIDEST_SHARE_OF_GAP / pl.len().over("row"), _WIDEST_GAP)
    slot = (_LENGTH + gap) / pl.len().over("row")
    return parts.sort("row", "order", descending=[True, False]).with_columns(
        start=slot * pl.int_range(pl.len()).over("row"),
        width=slot - gap,
        filled=pl.when(state="completed").then(1.0).otherwise(pl.col("share").clip(_LEAST_FILL, _MOST_FILL)),
    )


def _track(parts: pl.DataFrame) -> Bar:
    outline = {"color": TRACK, "line": {"color": STILL_TO_DO, "width": 1}}
    return _bars(
        parts, parts["width"], name="To do", legendrank=1001, marker=outline, hovertext=parts["hover"].to_list()
    )


def _fill(parts: pl.DataFrame, state: str, name: str, colour: str) -> Bar:
    filled = parts.filter(state=state)
    return _bars(
        filled,
        filled["width"] * filled["filled"],
        name=name,
        marker={"color": colour},
        hovertext=filled["hover"].to_list(),
    )


def _bars(parts: pl.DataFrame, lengths: pl.Series, **settings: Any) -> Bar:
    return Bar(
        x=lengths.to_list(),
        base=parts["start"].to_list(),
        y=parts["row"].to_list(),
        width=_THICKNESS,
        orientation="h",
        hoverinfo="text",
        **settings,
    )


def _row_words(row: dict[str, Any]) -> list[dict[str, Any]]:
    percent = row_title(row["percent"], row["row"]) | {"x": 1, "xanchor": "right"}
    return [row_title(row["title"], row["row"]), percent]
