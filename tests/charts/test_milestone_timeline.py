"""The timeline puts each completed module, unit and course on its day, in the row of its course."""

from datetime import date, datetime

import polars as pl
from plotly.graph_objects import Figure, Scatter

from charts.milestone_timeline import milestone_timeline
from charts.theme import ROW_PIXELS

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
TODAY = date(2026, 6, 14)


def marks(figure: Figure, name: str) -> Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_courses_stand_below_each_other_by_title() -> None:
    figure = milestone_timeline(MILESTONES, TODAY)
    assert [(note.text, note.y) for note in figure.layout.annotations] == [("Art", 0), ("Zoology", -1)]


def test_each_milestone_stands_on_its_day_in_its_courses_row() -> None:
    modules = marks(milestone_timeline(MILESTONES, TODAY), "Module")
    assert list(modules.x) == ["2026-05-02 09:00:00", "2026-05-01 00:00:00"]
    assert list(modules.y) == [0, 0]
    assert list(modules.hovertext) == ["Colour<br>2 May 2026", "Line<br>1 May 2026"]
    assert list(marks(milestone_timeline(MILESTONES, TODAY), "Course").y) == [-1]


def test_types_differ_by_shape_as_well_as_by_colour() -> None:
    figure = milestone_timeline(MILESTONES, TODAY)
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert len({trace.marker.color for trace in figure.data}) == 3


def test_two_courses_of_the_same_name_have_a_row_each() -> None:
    namesakes = MILESTONES.with_columns(course_title=pl.lit("Art"))
    assert [note.y for note in milestone_timeline(namesakes, TODAY).layout.annotations] == [0, -1]


def test_the_timeline_ends_today_however_long_nothing_was_completed() -> None:
    axis = milestone_timeline(MILESTONES, TODAY).layout.xaxis
    assert (axis.tickvals[0], axis.tickvals[-1], axis.ticktext[-1]) == ("2026-05-01", "2026-06-14", "Today")
    assert "2026-06-15" <= axis.range[1] <= "2026-06-20"


def test_a_first_day_has_one_tick_and_room_for_its_marks() -> None:
    today = MILESTONES.filter(subject_type="course")
    axis = milestone_timeline(today, date(2026, 5, 4)).layout.xaxis
    assert (list(axis.tickvals), list(axis.ticktext)) == (["2026-05-04"], ["Today"])
    assert tuple(axis.range) == ("2026-05-03", "2026-05-06")


def test_no_line_of_the_grid_runs_through_the_title_of_a_course() -> None:
    figure = milestone_timeline(MILESTONES, TODAY)
    upright = [shape for shape in figure.layout.shapes if shape.x0 == shape.x1]
    titles = [
        (note.y + note.yshift / ROW_PIXELS, note.y + (note.yshift + 20) / ROW_PIXELS)
        for note in figure.layout.annotations
    ]
    assert len(upright) == 5 * len(titles)
    assert not figure.layout.xaxis.showgrid
    assert not [line for line in upright for low, high in titles if line.y1 > low and line.y0 < high]
