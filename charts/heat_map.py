"""The learner × unit matrix as a heat map and in words. The caller chooses the learners and units."""

import math
from typing import Any

import polars as pl
from plotly.graph_objects import Figure, Heatmap, Scatter

from charts.drawn_once import drawn_once
from charts.labels import counted, literal, short_label
from charts.theme import calm_figure

# One blue of increasing opacity: it starts from the page's own colour in the light and in the dark theme, and looks the
# same with any colour vision. Only “all done” is solid and has white figures (contrast 4.7 : 1); on the others the
# theme's text colour has a contrast of at least 5 : 1.
_OPACITIES = (0.05, 0.16, 0.28, 0.42, 0.6, 1.0)
_BLUE = "58, 117, 196"
_ALL_DONE = len(_OPACITIES) - 1
_LONGEST_LABEL = 17
_ROW_PIXELS = 28
_PIXELS_ABOVE = 120


@drawn_once
def heat_map(frame: pl.DataFrame) -> Figure:
    """One cell per learner and unit, with its percentage; “–” if nothing counts in the unit.

    Learners come in the frame's order, units by position. Takes the columns of `unit_progress`.
    """
    learners, units = _learners(frame), _units(frame)
    cells = frame.join(learners, on="learner_id").join(units, on="unit_id").with_columns(_BAND, _CELL_TEXT, _HOVER_TEXT)
    is_done = (pl.col("band") == _ALL_DONE).fill_null(value=False)
    return calm_figure(
        [_colours(cells), _figures(cells.filter(~is_done)), _figures(cells.filter(is_done), color="#FFFFFF")],
        height=_PIXELS_ABOVE + _ROW_PIXELS * learners.height,
        xaxis=_axis(units["label"], range=[-0.5, units.height - 0.5], side="top", autotickangles=[0, -90]),
        yaxis=_axis(learners["label"], range=[learners.height - 0.5, -0.5]),
    )


def heat_map_summary(frame: pl.DataFrame) -> str:
    """The heat map in words: its size, the units with the highest and lowest mean, and who has completed nothing."""
    size = f"{counted(frame['learner_id'].n_unique(), 'learner')}, {counted(frame['unit_id'].n_unique(), 'unit')}."
    counting = frame.drop_nulls("completion_percentage")
    if counting.is_empty():
        return f"{size} Nothing in these units counts yet."
    means = counting.group_by("unit_title", "unit_position", "unit_id").agg(pl.mean("completion_percentage"))
    ranked = means.sort(["completion_percentage", "unit_position"], descending=[True, False])
    furthest = counting.group_by("learner_id").agg(pl.max("completion_percentage"))
    untouched = furthest.filter(pl.col("completion_percentage") == 0).height
    return (
        f"{size} Furthest on average: {_unit_text(ranked.row(0, named=True))}; "
        f"least far: {_unit_text(ranked.row(-1, named=True))}. "
        f"{counted(untouched, 'learner')} with no module completed."
    )


_SHOWN = pl.col("shown_percentage").cast(pl.Int64)
_BAND = pl.when(_SHOWN == 100).then(_ALL_DONE).when(_SHOWN > 0).then(1 + _SHOWN // 25).otherwise(_SHOWN).alias("band")
_CELL_TEXT = _SHOWN.cast(pl.String).fill_null("–").alias("cell_text")
_HOVER_TEXT = pl.format(
    "<b>{}</b><br>{}<br>{} of {} modules completed",
    literal(pl.col("learner_name")),
    literal(pl.col("unit_title")),
    "completed_modules_count",
    "total_modules",
).alias("hover_text")


def _learners(frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.unique("learner_id", keep="first", maintain_order=True)
    return rows.select("learner_id", label=short_label(pl.col("learner_name"), _LONGEST_LABEL)).with_row_index("row")


def _units(frame: pl.DataFrame) -> pl.DataFrame:
    units = frame.unique("unit_id").sort("unit_position", "unit_id")
    return units.select("unit_id", label=short_label(pl.col("unit_title"), _LONGEST_LABEL)).with_row_index("column")


def _colours(cells: pl.DataFrame) -> Heatmap:
    edges = [(band + side, opacity) for band, opacity in enumerate(_OPACITIES) for side in (0, 1)]
    return Heatmap(
        x=cells["column"].to_list(),
        y=cells["row"].to_list(),
        z=cells["band"].to_list(),
        zmin=-0.5,
        zmax=_ALL_DONE + 0.5,
        colorscale=[[edge / len(_OPACITIES), f"rgba({_BLUE}, {opacity})"] for edge, opacity in edges],
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=cells["hover_text"].to_list(),
        hoverinfo="text",
    )


def _figures(cells: pl.DataFrame, **font: Any) -> Scatter:
    """The percentages, as a trace of their own: a heat map's text has one colour, which is not legible on all cells."""
    return Scatter(
        x=cells["column"].to_list(),
        y=cells["row"].to_list(),
        text=cells["cell_text"].to_list(),
        mode="text",
        textfont={"size": 12, **font},
        hoverinfo="skip",
    )


def _axis(labels: pl.Series, **settings: Any) -> dict[str, Any]:
    """An axis of positions labelled with names: as categories, two people with one name would share a row."""
    return {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": labels.to_list(), **settings}


def _unit_text(row: dict[str, Any]) -> str:
    return f"“{row['unit_title']}” ({math.floor(row['completion_percentage'])}%)"
