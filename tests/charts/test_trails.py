"""Trails show each part of a course or unit, filled as far as the learner has come in it."""

from typing import Any

import polars as pl
import pytest
from plotly.graph_objects import Bar, Figure

from charts.trails import course_trails, unit_trails

COURSES = pl.DataFrame(
    {"course_id": [1, 2], "course_title": ["Art", "Biology"], "shown_percentage": [50, None]},
    schema_overrides={"shown_percentage": pl.Int32},
)


def naive_status(done: int, total: int) -> str | None:
    return "completed" if done == total > 0 else "in_progress" if done else "not_started" if total else None


def unit(unit_id: int, title: str, done: int, total: int, *, course_id: int = 1, position: int = 1) -> dict[str, Any]:
    return {
        "course_id": course_id,
        "unit_id": unit_id,
        "unit_title": title,
        "unit_position": position,
        "status": naive_status(done, total),
        "completion_percentage": 100 * done / total if total else None,
        "completed_modules_count": done,
        "total_modules": total,
        "shown_percentage": 100 * done // total if total else None,
    }


def module(module_id: int, title: str, status: str, percentage: float, *, counts: bool = True) -> dict[str, Any]:
    return {
        "unit_id": 5,
        "module_id": module_id,
        "module_title": title,
        "module_position": module_id,
        "counts": counts,
        "status": status,
        "completion_percentage": percentage,
    }


def bars(figure: Figure, name: str) -> Bar:
    return next(trace for trace in figure.data if trace.name == name)


def words(figure: Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_each_course_has_its_title_and_its_percentage_or_a_dash() -> None:
    figure = course_trails(COURSES, pl.DataFrame([unit(1, "Colour", 1, 1)]))
    assert words(figure) == ["Art", "50%", "Biology", "–"]


def test_a_course_is_cut_into_its_units_by_position_from_edge_to_edge() -> None:
    units = pl.DataFrame([unit(8, "Line", 0, 2, position=2), unit(9, "Colour", 2, 2, position=1)])
    track = bars(course_trails(COURSES, units), "To do")
    assert track.hovertext == ("Colour<br>2 of 2 modules", "Line<br>0 of 2 modules")
    assert track.base[0] == 0
    assert track.base[1] + track.x[1] == pytest.approx(100)
    assert track.x[0] == pytest.approx(track.x[1])


def test_a_unit_is_filled_as_far_as_its_modules_are_complete() -> None:
    units = pl.DataFrame([unit(1, "Done", 4, 4), unit(2, "Half", 2, 4, position=2), unit(3, "New", 0, 4, position=3)])
    figure = course_trails(COURSES, units)
    slots = dict(zip(bars(figure, "To do").hovertext, bars(figure, "To do").x, strict=True))
    assert bars(figure, "Complete").hovertext == ("Done<br>4 of 4 modules",)
    assert bars(figure, "Complete").x[0] == pytest.approx(slots["Done<br>4 of 4 modules"])
    assert bars(figure, "Under way").hovertext == ("Half<br>2 of 4 modules",)
    assert bars(figure, "Under way").x[0] == pytest.approx(slots["Half<br>2 of 4 modules"] / 2)


def test_an_empty_unit_is_no_part_of_its_course() -> None:
    units = pl.DataFrame([unit(1, "Full", 1, 1), unit(2, "Empty", 0, 0, position=2)])
    assert bars(course_trails(COURSES, units), "To do").hovertext == ("Full<br>1 of 1 modules",)


def test_only_modules_that_count_are_parts_of_a_unit() -> None:
    modules = pl.DataFrame([module(1, "Read", "completed", 100), module(2, "Extra", "completed", 100, counts=False)])
    figure = unit_trails(pl.DataFrame([unit(5, "Colour", 1, 1)]), modules)
    assert bars(figure, "Complete").hovertext == ("Read<br>Complete",)


@pytest.mark.parametrize(("percentage", "filled"), [(0.0, 0.2), (50.0, 0.5), (100.0, 0.9)])
def test_a_module_under_way_is_seen_to_be_begun_and_never_looks_complete(percentage: float, filled: float) -> None:
    modules = pl.DataFrame([module(1, "Film", "in_progress", percentage)])
    figure = unit_trails(pl.DataFrame([unit(5, "Colour", 0, 1)]), modules)
    assert bars(figure, "Under way").x == (pytest.approx(100 * filled),)
    assert bars(figure, "Complete").x == ()


def test_a_unit_with_very_many_modules_still_shows_more_fill_than_gap() -> None:
    modules = pl.DataFrame([module(number, f"M{number}", "completed", 100.0) for number in range(400)])
    figure = unit_trails(pl.DataFrame([unit(5, "Colour", 400, 400)]), modules)
    assert bars(figure, "Complete").x[0] > 0.8 * 100 / 400


def test_a_title_is_never_taken_for_markup() -> None:
    courses = COURSES.head(1).with_columns(course_title=pl.lit("<b>A & B"))
    assert words(course_trails(courses, pl.DataFrame([unit(1, "Colour", 1, 1)])))[0] == "&lt;b>A &amp; B"
