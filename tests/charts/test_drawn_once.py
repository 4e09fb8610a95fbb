"""Figures are drawn once for equal frames, and anew for whatever differs."""

import polars as pl
import pytest
from plotly.graph_objects import Figure

from charts import cohort_trend, course_completion, drawn_once, heat_map, milestone_timeline, trails

DRAWN: list[tuple[list[str], int]] = []


@drawn_once.drawn_once
def drawn(frame: pl.DataFrame, size: int = 1) -> Figure:
    DRAWN.append((frame.columns, size))
    return Figure(layout={"title": str(frame.rows()), "height": 100 + size})


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    DRAWN.clear()


def test_equal_frames_share_a_figure() -> None:
    first, second = (pl.DataFrame({"learner": ["Ada", None], "share": [0.5, 1.0]}) for _ in range(2))
    assert drawn(first) is drawn(second)
    assert len(DRAWN) == 1


@pytest.mark.parametrize(
    "other",
    [
        pl.DataFrame({"share": [1.0, 0.5]}),
        pl.DataFrame({"share": [0.5, None]}),
        pl.DataFrame({"part": [0.5, 1.0]}),
        pl.DataFrame({"share": [0.5, 1.0]}, schema={"share": pl.Float32}),
    ],
)
def test_whatever_differs_is_drawn_anew(other: pl.DataFrame) -> None:
    frame = pl.DataFrame({"share": [0.5, 1.0]})
    drawn(frame, size=7)
    assert drawn(other, size=7) is not drawn(frame, size=7)
    assert drawn(frame, size=8) is not drawn(frame, size=7)


def test_few_figures_are_remembered_and_no_large_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_once, "_MOST_FIGURES", 2)
    frames = [pl.DataFrame({"number": [number]}) for number in range(3)]
    for frame in (*frames, frames[2], frames[0]):
        drawn(frame, size=9)
    assert len(DRAWN) == 4
    large = pl.DataFrame({"number": range(50_000)})
    assert drawn(large) is not drawn(large)


def test_every_chart_is_drawn_once() -> None:
    charts = [
        cohort_trend.cohort_trend,
        course_completion.course_completion,
        heat_map.heat_map,
        milestone_timeline.milestone_timeline,
        trails.course_trails,
        trails.unit_trails,
    ]
    assert [chart.__name__ for chart in charts if not hasattr(chart, "__wrapped__")] == []
