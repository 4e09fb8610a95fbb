"""What became of a submission: what was saved, what it changed and what not, and what was refused, with the reason."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.teacher.recording.drafts import Submission
from pages.teacher.recording.effects import Effect, effect, standing_text
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import count_text, date_text, percent_text, plural
from progress.recording.saving import Outcome
from queries.course_progress import course_progress
from queries.unit_progress import unit_progress

Row = dict[str, Any]


def show_outcomes(
    viewer: Viewer, class_id: int, module: Row, learners: pl.DataFrame, submission: Submission | None
) -> None:
    """Nothing without a submission. `learners` as from `module_progress`: a row for each, of the module recorded in."""
    if submission is None:
        return
    rows = {row["learner_id"]: row for row in learners.rows(named=True)}
    refused = [outcome for outcome in submission.outcomes if outcome.is_refused]
    # A repeated one is saved too: pressing twice can end the first run before it has said so.
    saved = [each for each in submission.outcomes if not each.is_refused and each.entry.learner_id in rows]
    if refused:
        _show_refused(refused, submission)
    if saved:
        _show_saved(saved, submission, rows, module, viewer.time_zone)
        _show_new_percentages(viewer, class_id, rows, saved)


def _show_refused(refused: Sequence[Outcome], submission: Submission) -> None:
    names = {learner_id: row["learner_name"] for learner_id, row in submission.before.items()}
    lines = [
        f"- **{plain(names.get(outcome.entry.learner_id, 'This learner'))}**: {plain(outcome.reason or '')}"
        for outcome in refused
    ]
    st.error("Not saved:\n" + "\n".join(lines), icon=":material/error:")


def _show_saved(
    saved: Sequence[Outcome], submission: Submission, rows: dict[int, Row], module: Row, time_zone: str
) -> None:
    """“Saved” where something changed; else that it is recorded. What did not come about is said, with the reason."""
    effects = {each: _effect(each, submission, rows, module, time_zone) for each in saved}
    is_change = any(effect.is_change for effect in effects.values())
    names = {each: plain(rows[each.entry.learner_id]["learner_name"]) for each in saved}
    whom = names[saved[0]] if len(saved) == 1 else plural(len(saved), "learner")
    days = {each.on for each in saved}
    when = f", {date_text(days.pop())}" if len(days) == 1 else ""
    said = f"{'Saved' if is_change else 'Recorded'} for {whom}{when}."
    notes = [(names[each], effect.words) for each, effect in effects.items() if effect.words]
    if len(saved) == 1:
        said = " ".join([said, *(words for _, words in notes)])
    else:
        said = "\n".join([said, "", *(f"- **{name}**: {words}" for name, words in notes)])
    show, sign = (st.success, "check_circle") if is_change else (st.info, "info")
    show(said, icon=f":material/{sign}:")


def _effect(outcome: Outcome, submission: Submission, rows: dict[int, Row], module: Row, time_zone: str) -> Effect:
    learner_id = outcome.entry.learner_id
    if outcome.outcome == "duplicate":
        return Effect(is_change=True)
    return effect(outcome.entry, submission.before[learner_id], rows[learner_id], module, time_zone)


def _show_new_percentages(viewer: Viewer, class_id: int, rows: dict[int, Row], saved: Sequence[Outcome]) -> None:
    units = unit_progress(viewer, class_id=class_id)
    of_unit = {(row["learner_id"], row["unit_id"]): row for row in units.rows(named=True)}
    of_course = {row["learner_id"]: row for row in course_progress(viewer, class_id=class_id).rows(named=True)}
    has_days = len({each.on for each in saved}) > 1
    st.table(
        [
            {"Learner": plain(row["learner_name"])}
            | ({"Date": date_text(day)} if has_days else {})
            | {
                plain(row["module_title"]): standing_text(row),
                f"Unit: {plain(row['unit_title'])}": _figure(of_unit[row["learner_id"], row["unit_id"]], "modules"),
                "Course": _figure(of_course[row["learner_id"]], "units"),
            }
            for row, day in ((rows[each.entry.learner_id], each.on) for each in saved)
        ],
        border="horizontal",
        alt="The new percentages of those for whom progress was saved",
    )


def _figure(row: Row, parts: str) -> str:
    done, total = row[f"completed_{parts}_count"], row[f"total_{parts}"]
    return f"{percent_text(row['shown_percentage'])} ({count_text(done, total, parts[:-1])})"
