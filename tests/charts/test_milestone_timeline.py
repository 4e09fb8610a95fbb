"""The timeline puts each completed module, unit and course on its day, in the row of its course."""

from datetime import datetime

import polars as pl
from plotly.graph_objects import Figure, Scatter

from charts.milestone_timeline import milestone_timeline

MILESTONES = pl.DataFrame(
    {
        "course_id": [2, 2, 1, 1],
        "course_title": ["Zoology", "Zoology", "Art", "Art"],
        "subject_type": ["course", "unit", "module", "module"],
        "subject_title": ["Zoology", "Apes", "Colour", "Line"],
        "occurred_at": [
            datetime(2026, 5, 4, 9),
            datetime(2026, 5, 3, 9),
            datetime(2026, 5, 2, 9),
            datetime(2026, 5, 1),
        ],
    }
)


def marks(figure: Figure, name: str) -> Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_courses_stand_below_each_other_by_title() -> None:
    figure = milestone_timeline(MILESTONES)
    assert [(note.text, note.y) for note in figure.layout.annotations] == [("Art", 0), ("Zoology", -1)]


def test_each_milestone_stands_on_its_day_in_its_courses_row() -> None:
    modules = marks(milestone_timeline(MILESTONES), "Module")
    assert list(modules.x) == ["2026-05-02 09:00:00", "2026-05-01 00:00:00"]
    assert list(modules.y) == [0, 0]
    assert list(modules.hovertext) == ["Colour<br>2 May 2026", "Line<br>1 May 2026"]
    assert list(marks(milestone_timeline(MILESTONES), "Course").y) == [-1]


def test_types_differ_by_shape_as_well_as_by_colour() -> None:
    figure = milestone_timeline(MILESTONES)
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert len({trace.marker.color for trace in figure.data}) == 3


def test_two_courses_of_the_same_name_have_a_row_each() -> None:
    namesakes = MILESTONES.with_columns(course_title=pl.lit("Art"))
    assert [note.y for note in milestone_timeline(namesakes).layout.annotations] == [0, -1]
