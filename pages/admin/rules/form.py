"""The form that changes a course's completion rule: who would gain, saving it, and taking it away."""

from typing import NamedTuple

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.widgets.layout.tables import show_table, text_column, time_column
from pages.widgets.words.markdown import one_line, plain
from pages.widgets.words.percentages import plural
from progress.courses.completion_rule_checks import HANDED_IN_KINDS, InvalidRule, WrongLectureShare
from progress.courses.completion_rules import (
    CompletionRule,
    KeyAssignment,
    RuleChanged,
    RuleHistory,
    Saved,
    preview,
    save_completion_rule,
)

_KEY = "completion_rule_saved"
_LEAVE, _COMPLETE = "Leave them as they are", "Complete them too"
_GAINS = {"learner_name": text_column("Learner", pinned=True), "completed_at": time_column("Had met it on")}


class _Asked(NamedTuple):
    rule: CompletionRule
    reevaluate: bool


def show_what_changed(course_id: int, history: RuleHistory) -> None:
    """What one's own last change did, once; or that someone else changed the rule while one was looking at it."""
    words = st.session_state.pop(_KEY, None)
    seen = st.session_state.get(f"{_KEY}_{course_id}")
    st.session_state[f"{_KEY}_{course_id}"] = _version(history)
    if words:
        st.success(words, icon=":material/check_circle:")
    elif seen not in (None, _version(history)):
        st.warning(
            "Someone else has changed the rule meanwhile. This is how it is now.", icon=":material/sync_problem:"
        )


def show_rule_form(viewer: Viewer, course_id: int, modules: pl.DataFrame, history: RuleHistory) -> None:
    """Ask for a rule; show who would gain by it, or save it. What is refused is said, and what was typed stays."""
    with st.form(f"rule_{course_id}_{_version(history)}", width=640):
        asked = _ask(modules, history)
        with st.container(horizontal=True):
            is_tried = st.form_submit_button("Show who would gain", icon=":material/visibility:")
            is_saved = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if is_tried:
        _show_gains(viewer, course_id, asked.rule)
    if is_saved and _save(viewer, course_id, history, asked.rule, asked.reevaluate):
        st.rerun()


def show_remove_button(viewer: Viewer, course_id: int, history: RuleHistory) -> None:
    """The button that takes the rule away, which asks first."""
    if st.button("Take the rule away…", icon=":material/delete:"):
        _ask_to_remove(viewer, course_id, history)


def _ask(modules: pl.DataFrame, history: RuleHistory) -> _Asked:
    """The fields themselves refuse no number: a field that does keeps the buttons from doing anything."""
    rule = (history.versions[-1].rule if history.versions else None) or CompletionRule()
    share = st.number_input(
        "Share of the lectures that must be complete (%)",
        value=None if rule.lecture_share is None else round(100 * rule.lecture_share, 6),
        step=5.0,
        format="%g",
        placeholder="Empty: no lectures are asked for",
    )
    submitted = _ask_modules("Must be submitted", "submitted", rule, modules, history)
    passed = _ask_modules("Must be passed", "passed", rule, modules, history)
    minimum = st.number_input(
        "Minimum score (%)",
        value=rule.minimum_score,
        format="%g",
        placeholder="Empty: no score is asked for",
        help="For each of the modules above; where there is none, for every assignment, quiz and exam that counts.",
    )
    met = st.radio("Learners who have met the rule already", [_LEAVE, _COMPLETE])
    chosen = CompletionRule(None if share is None else round(share / 100, 8), (*submitted, *passed), minimum)
    return _Asked(chosen, reevaluate=met == _COMPLETE)


def _ask_modules(
    label: str, needs: str, rule: CompletionRule, modules: pl.DataFrame, history: RuleHistory
) -> list[KeyAssignment]:
    """Modules that someone can hand in and that are open, and whatever the rule names now."""
    named = {key.module_id for key in rule.key_assignments}
    can_be_named = pl.col("module_kind").is_in(HANDED_IN_KINDS) & (pl.col("availability") == "open")
    shown = modules.filter(can_be_named | pl.col("module_id").is_in(list(named)))
    chosen = st.multiselect(
        label,
        shown["module_id"].to_list(),
        default=[key.module_id for key in rule.key_assignments if key.needs == needs],
        format_func=lambda each: one_line(history.titles[each]),
        placeholder="Choose modules",
    )
    return [KeyAssignment(module_id, needs) for module_id in chosen]


def _show_gains(viewer: Viewer, course_id: int, rule: CompletionRule) -> None:
    try:
        gains = preview(viewer, course_id, rule)
    except InvalidRule as refusal:
        _show_refusal(refusal)
        return
    if gains.is_empty():
        st.info("Nobody would be completed at once by this rule who is not completed now.", icon=":material/info:")
        return
    st.markdown(
        f"**{plural(gains.height, 'learner')}** met this rule and would be completed by saving it "
        f"with “{_COMPLETE}”. Nothing is saved yet."
    )
    alt = "Learners who would be completed by this rule"
    show_table(gains, _GAINS, alt=alt, key="rule_gains", time_zone=viewer.time_zone)


def _save(viewer: Viewer, course_id: int, history: RuleHistory, rule: CompletionRule | None, reevaluate: bool) -> bool:
    """Whether it was saved. A refusal is shown where the run stands; what was saved is said on the next run."""
    try:
        saved = save_completion_rule(viewer, course_id, rule, reevaluate, expected_version=_version(history))
    except (InvalidRule, RuleChanged) as refusal:
        _show_refusal(refusal)
        return False
    st.session_state[_KEY] = _saved_words(saved, reevaluate)
    return True


def _show_refusal(refusal: InvalidRule | RuleChanged) -> None:
    words = str(refusal)
    if isinstance(refusal, WrongLectureShare):  # which speaks of shares, where the form speaks of percentages
        words = f"{100 * refusal.share:g}% is not a share of the lectures. Enter a number above 0 and at most 100."
    st.error(plain(words), icon=":material/error:")


def _saved_words(saved: Saved, reevaluate: bool) -> str:
    if not saved.is_new:
        return "The rule was like that already. Nothing was changed."
    gained = f" {plural(saved.gained_count, 'learner')} completed the course by it." if reevaluate else ""
    return f"Saved as version {saved.version}.{gained} Nobody’s completion was taken back."


@st.dialog("Take the rule away?")
def _ask_to_remove(viewer: Viewer, course_id: int, history: RuleHistory) -> None:
    st.markdown("From now on the course is complete when all its units are. Nobody’s completion is taken back.")
    met = st.radio("Learners whose units are all complete already", [_LEAVE, _COMPLETE])
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Take it away", type="primary")
    if is_confirmed and _save(viewer, course_id, history, None, met == _COMPLETE):
        st.rerun()


def _version(history: RuleHistory) -> int:
    return history.versions[-1].version if history.versions else 0
