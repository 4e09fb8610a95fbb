"""What became of a submission: what was saved, with the new percentages, and what was refused, with the reason."""

from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.teacher.entries import Outcome
from pages.widgets.markdown import plain
from pages.widgets.percentages import count_text, percent_text, plural, score_text
from queries.course_progress import course_progress
from queries.unit_progress import unit_progress

_STATUS_WORDS = {"not_started": "Not started", "in_progress": "In progress", "completed": "Completed"}


def show_outcomes(viewer: Viewer, class_id: int, learners: pl.DataFrame, outcomes: list[Outcome]) -> None:
    """Nothing without outcomes. `learners` as from `module_progress`: a row for each, of the module recorded in."""
    names = dict(learners.select("learner_id", "learner_name").rows())
    refused = [outcome for outcome in outcomes if outcome.is_refused]
    # A repeated one is saved too: pressing twice can end the first run before it has said so.
    saved = [outcome.entry.learner_id for outcome in outcomes if not outcome.is_refused]
    if refused:
        _show_refused(refused, names)
    if saved:
        whom = plain(names[saved[0]]) if len(saved) == 1 else plural(len(saved), "learner")
        st.success(f"Saved for {whom}.", icon=":material/check_circle:")
        _show_new_percentages(viewer, class_id, learners.filter(pl.col("learner_id").is_in(saved)))


def standing_text(row: dict[str, Any]) -> str:
    """Where a learner stands in a module, from a row of `module_progress`: “Completed, 80%”."""
    status = _STATUS_WORDS[row["status"]]
    return status if row["score"] is None else f"{status}, {score_text(row['score'])}"


def _show_refused(refused: list[Outcome], names: dict[int, str]) -> None:
    lines = [
        f"- **{plain(names.get(outcome.entry.learner_id, 'This learner'))}**: {plain(outcome.reason or '')}"
        for outcome in refused
    ]
    st.error("Not saved:\n" + "\n".join(lines), icon=":material/error:")


def _show_new_percentages(viewer: Viewer, class_id: int, learners: pl.DataFrame) -> None:
    ids = learners["learner_id"].implode()
    unit_id = learners["unit_id"][0]
    units = unit_progress(viewer, class_id=class_id).filter(pl.col("unit_id") == unit_id)
    courses = course_progress(viewer, class_id=class_id).filter(pl.col("learner_id").is_in(ids))
    by_learner = {row["learner_id"]: row for row in units.rows(named=True)}
    of_course = {row["learner_id"]: row for row in courses.rows(named=True)}
    st.table(
        [
            {
                "Learner": plain(row["learner_name"]),
                plain(row["module_title"]): standing_text(row),
                f"Unit: {plain(row['unit_title'])}": _figure(by_learner[row["learner_id"]], "modules"),
                "Course": _figure(of_course[row["learner_id"]], "units"),
            }
            for row in learners.rows(named=True)
        ],
        border="horizontal",
        alt="The new percentages of those for whom progress was saved",
    )


def _figure(row: dict[str, Any], parts: str) -> str:
    done, total = row[f"completed_{parts}_count"], row[f"total_{parts}"]
    return f"{percent_text(row['shown_percentage'])} ({count_text(done, total, parts[:-1])})"
