"""The learner × unit matrix of one class: its key figures, its order, the heat map and the table."""

import math

import polars as pl
import streamlit as st

from charts.heat_map import heat_map, heat_map_summary
from pages.widgets.layout.tables import number_column, progress_column, show_table, time_column
from pages.widgets.words.markdown import one_line, plain
from pages.widgets.words.means import OF_MODULES, mean_text

_LEARNERS_AT_ONCE = 40
_ORDERS = {"By name": ("learner_name", False), "Least progress first": ("modules_percentage", False)}


def show_class_figures(classes: pl.DataFrame, class_id: int) -> None:
    """The class's own row of `class_progress` in five figures."""
    row = classes.row(by_predicate=pl.col("class_id") == class_id, named=True)
    st.header(plain(row["course_title"]), anchor=False)
    with st.grid(6, min_column_width=100, gap="small"):
        st.metric("Mean", mean_text(row["mean_modules_percentage"]), help=OF_MODULES)
        st.metric("Median", mean_text(row["median_modules_percentage"]), help=OF_MODULES)
        st.metric("Learners (n)", row["learners_count"])
        st.metric("Active this week", row["active_learners_count"])
        st.metric("Completed", row["completed_learners_count"])
        st.metric("Dropped", row["dropped_learners_count"])


def choose_order(learners: pl.DataFrame) -> pl.DataFrame:
    """The rows of `course_progress` in the order of the viewer's choice."""
    order = st.radio("Order", list(_ORDERS), horizontal=True, key="matrix_order")
    column, descending = _ORDERS[order]
    return learners.sort([column, "learner_name", "learner_id"], descending=descending, nulls_last=True)


def choose_part(learners: pl.DataFrame) -> pl.DataFrame:
    """As many of these rows as fit on a screen; with more there are pages to choose from."""
    pages = math.ceil(learners.height / _LEARNERS_AT_ONCE)
    chosen = st.pagination(pages, key="matrix_page") if pages > 1 else 1
    return learners.slice((chosen - 1) * _LEARNERS_AT_ONCE, _LEARNERS_AT_ONCE)


def show_matrix(learners: pl.DataFrame, units: pl.DataFrame) -> None:
    """The heat map of these learners, in their order. `units` as from `unit_progress`."""
    cells = learners.select("learner_id").join(units, on="learner_id", maintain_order="left")
    summary = heat_map_summary(cells)
    st.plotly_chart(heat_map(cells), key="matrix", config={"displayModeBar": False}, alt=summary)
    st.caption(f"{plain(summary)} The fuller the colour, the further.")


def show_matrix_table(learners: pl.DataFrame, units: pl.DataFrame, time_zone: str) -> None:
    """The same as a table with the share of all modules; a learner's name leads to the learner's page."""
    titles = units.unique("unit_id").sort("unit_position", "unit_id").select("unit_id", "unit_title").rows()
    wide = units.pivot(on="unit_id", index="learner_id", values="shown_percentage")
    table = learners.join(wide, on="learner_id", maintain_order="left")
    columns = {
        "learner_name": st.column_config.ButtonColumn(
            "Learner", type="tertiary", alignment="left", pinned=True, key="learner_clicked"
        ),
        "shown_modules_percentage": progress_column("All modules"),
        **{str(unit_id): number_column(title, format="%d%%") for unit_id, title in titles},
        "completed_units_count": number_column("Units completed"),
        "last_activity_at": time_column("Last active"),
    }
    show_table(table, columns, alt="Percentage per learner and unit", key="matrix_table", time_zone=time_zone)
    clicked = st.session_state.get("learner_clicked")
    if clicked is not None:
        _open_learner(table["learner_id"][clicked.row])


def choose_learner_to_open(learners: pl.DataFrame) -> None:
    """The way to a learner's page by keyboard, since the buttons of a table answer to the mouse alone."""
    names: dict[int, str] = dict(learners.select("learner_id", "learner_name").rows())
    chosen = st.selectbox(
        "Open a learner’s page",
        list(names),
        index=None,
        format_func=lambda each: one_line(names[each]),
        placeholder="Choose a learner, or click a name in the table",
        key="learner_chosen",
        width=360,
    )
    if chosen is not None:
        _open_learner(chosen)


def _open_learner(learner_id: int) -> None:
    st.switch_page("teacher/learner_progress.py", query_params={"learner": str(learner_id)})
