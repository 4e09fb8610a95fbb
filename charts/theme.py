"""The style that all charts share.

One set of colours serves both themes: each has a contrast of at least 3 : 1 with the light and the dark page, and any
two in one chart differ for every kind of colour vision (blue, amber, grey). Colour never carries meaning alone: shapes,
lengths, labels or words say the same. Fonts come from the page.
"""

from typing import Any

from plotly.graph_objects import Figure

DONE = "#3A75C4"
UNDER_WAY = "#B8660F"
STILL_TO_DO = "#75808A"
TRACK = "rgba(117, 128, 138, 0.22)"
ACCENTS = (DONE, UNDER_WAY, "#2C8A6B", "#7A62C9", "#B0568F", STILL_TO_DO)
GRID = "rgba(117, 128, 138, 0.25)"
CLEAR = "rgba(0, 0, 0, 0)"

# No single grey is legible on both pages. In figures, Streamlit replaces this value with its theme's text colour;
# elsewhere it is what it says, almost black.
TEXT = "#000037"

ROW_PIXELS = 58
"""The height of a row that carries its title above it."""

_LAYOUT: dict[str, Any] = {
    "margin": {"l": 0, "r": 0, "t": 8, "b": 8, "pad": 0},
    "paper_bgcolor": CLEAR,
    "plot_bgcolor": CLEAR,
    "font": {"size": 14, "color": TEXT},
    "dragmode": False,
    "showlegend": False,
    "hoverlabel": {"align": "left", "font": {"size": 14}},
    "legend": {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "font": {"size": 13},
        "itemclick": False,
        "itemdoubleclick": False,
    },
}
_AXIS: dict[str, Any] = {
    "title": None,
    "showgrid": False,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "fixedrange": True,
    "automargin": True,
    "gridcolor": GRID,
    "tickfont": {"size": 13, "color": TEXT},
}
_HIDDEN_AXIS: dict[str, Any] = {"visible": False, "fixedrange": True}


def calm_figure(
    traces: list[Any], *, height: int, xaxis: dict[str, Any], yaxis: dict[str, Any], **layout: Any
) -> Figure:
    """A figure without grid, border or tool bar unless given; it neither pans nor zooms by accident."""
    return Figure(traces, _LAYOUT | {"height": height, "xaxis": _AXIS | xaxis, "yaxis": _AXIS | yaxis} | layout)


def hidden_axis(**settings: Any) -> dict[str, Any]:
    """An invisible axis."""
    return _HIDDEN_AXIS | settings


def row_title(text: str, row: float, *, lift: int = 14) -> dict[str, Any]:
    """A row's title above it on the left, so that long titles take no width on a phone."""
    return {
        "text": text,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": row,
        "yanchor": "bottom",
        "yshift": lift,
        "showarrow": False,
        "borderpad": 0,
        "xshift": -1,
        "align": "left",
        "font": {"size": 14},
    }
