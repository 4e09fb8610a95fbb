"""The heat map shows each learner's figure in each unit, and says the same in words."""

from typing import Any

import polars as pl

from charts.heat_map import heat_map, heat_map_summary


def cell(
    learner_id: int, name: str, unit_id: int, title: str, done: int, total: int, position: int = 1
) -> dict[str, Any]:
    exact = 100 * done / total if total else None
    shown = None if exact is None else max(int(exact), 1 if done else 0)
    return {
        "learner_id": learner_id,
        "learner_name": name,
        "unit_id": unit_id,
        "unit_title": title,
        "unit_position": position,
        "completion_percentage": exact,
        "shown_percentage": shown,
        "completed_modules_count": done,
        "total_modules": total,
    }


FRAME = pl.DataFrame(
    [
        cell(7, "Zoe", 2, "Second", 1, 4, position=2),
        cell(7, "Zoe", 1, "First", 4, 4, position=1),
        cell(3, "Abe", 1, "First", 0, 4, position=1),
        cell(3, "Abe", 2, "Second", 0, 4, position=2),
    ]
)


def figures_by_place(frame: pl.DataFrame) -> dict[tuple[int, int], str]:
    """The text at each (row, column)."""
    texts = heat_map(frame).data[1:]
    return {(y, x): text for trace in texts for y, x, text in zip(trace.y, trace.x, trace.text, strict=True)}


def test_each_cell_shows_its_learners_percentage_in_its_unit() -> None:
    assert figures_by_place(FRAME) == {(0, 0): "100", (0, 1): "25", (1, 0): "0", (1, 1): "0"}


def test_learners_keep_the_frames_order_and_units_stand_by_position() -> None:
    figure = heat_map(FRAME)
    assert list(figure.layout.yaxis.ticktext) == ["Zoe", "Abe"]
    assert list(figure.layout.xaxis.ticktext) == ["First", "Second"]
    assert list(figure.layout.yaxis.range) == [1.5, -0.5]


def test_bands_grow_with_the_percentage_and_only_a_completed_unit_has_the_last() -> None:
    done_of_eight = {0: 0, 1: 1, 2: 2, 4: 3, 6: 4, 7: 4, 8: 5}
    frame = pl.DataFrame([cell(done, f"L{done}", 1, "Unit", done, 8) for done in done_of_eight])
    assert list(heat_map(frame).data[0].z) == list(done_of_eight.values())


def test_figures_on_solid_cells_are_white_and_others_take_the_themes_colour() -> None:
    _, on_tints, on_solid = heat_map(FRAME).data
    assert list(on_solid.text) == ["100"]
    assert on_solid.textfont.color == "#FFFFFF"
    assert on_tints.textfont.color is None


def test_unit_in_which_nothing_counts_shows_a_dash_and_no_colour() -> None:
    frame = pl.DataFrame([cell(1, "Abe", 1, "First", 2, 4), cell(1, "Abe", 2, "Empty", 0, 0, position=2)])
    assert figures_by_place(frame) == {(0, 0): "50", (0, 1): "–"}
    assert list(heat_map(frame).data[0].z) == [3, None]


def test_class_in_which_nothing_counts_yet_can_still_be_drawn() -> None:
    frame = pl.DataFrame([cell(1, "Abe", 1, "Empty", 0, 0)], schema_overrides={"shown_percentage": pl.Int32})
    assert figures_by_place(frame) == {(0, 0): "–"}


def test_namesakes_have_a_row_each() -> None:
    frame = pl.DataFrame([cell(1, "Abe", 1, "First", 1, 4), cell(2, "Abe", 1, "First", 2, 4)])
    assert figures_by_place(frame) == {(0, 0): "25", (1, 0): "50"}


def test_long_names_are_cut_on_the_axes_and_whole_when_hovered() -> None:
    name, title = "Maximiliana Featherstonehaugh", "Introduction to everything"
    figure = heat_map(pl.DataFrame([cell(1, name, 1, title, 1, 4)]))
    assert list(figure.layout.yaxis.ticktext) == ["Maximiliana Feat…"]
    assert list(figure.layout.xaxis.ticktext) == ["Introduction to…"]
    assert figure.data[0].hovertext[0] == f"<b>{name}</b><br>{title}<br>1 of 4 modules completed"


def test_names_are_never_taken_for_markup() -> None:
    figure = heat_map(pl.DataFrame([cell(1, "<a>&Co", 1, "x < y", 1, 4)]))
    assert list(figure.layout.yaxis.ticktext) == ["&lt;a>&amp;Co"]
    assert list(figure.layout.xaxis.ticktext) == ["x &lt; y"]
    assert figure.data[0].hovertext[0].startswith("<b>&lt;a>&amp;Co</b><br>x &lt; y<br>")


def test_summary_names_the_size_the_extremes_and_who_has_completed_nothing() -> None:
    assert heat_map_summary(FRAME) == (
        "2 learners, 2 units. Furthest on average: “First” (50%); least far: “Second” (12%). "
        "1 learner with no module completed."
    )


def test_summary_of_units_in_which_nothing_counts_says_so() -> None:
    frame = pl.DataFrame([cell(1, "Abe", 1, "Empty", 0, 0)])
    assert heat_map_summary(frame) == "1 learner, 1 unit. Nothing in these units counts yet."
