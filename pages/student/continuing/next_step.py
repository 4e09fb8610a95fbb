"""What the student goes on with: where it is done, and in which words that is said."""

from typing import Any

import streamlit as st

from pages.widgets.layout.cards import CardLink
from pages.widgets.words.markdown import icon, plain
from queries.clock_text import clock_text

Row = dict[str, Any]

LECTURE_PAGE = "student/lecture.py"
COURSE_PAGE = "student/my_course.py"
_TO_PLAY = "lecture_to_play"


def place_of(step: Row) -> CardLink:
    """Where a row of `continue_watching` is done: a lecture on its page, all else where it stands in its course."""
    if step["module_kind"] == "lecture":
        return CardLink(LECTURE_PAGE, {"module": str(step["module_id"])})
    return CardLink(COURSE_PAGE, {"course": str(step["course_id"]), "unit": str(step["unit_id"])})


def reason_text(step: Row) -> str:
    """Why just this."""
    position, duration = step["position_seconds"], step["duration_seconds"]
    if step["reason"] == "resume" and position and duration:
        return f"You stopped at {clock_text(position)} of {clock_text(duration)}"
    if step["reason"] == "resume":
        return "You have begun this"
    return f"{'Begins with' if step['reason'] == 'start' else 'Next in'} “{plain(step['unit_title'])}”"


def action_text(step: Row) -> str:
    """What the button says that leads there."""
    if step["module_kind"] != "lecture":
        return f"Go to the {step['module_kind']}"
    return f"Continue at {clock_text(step['position_seconds'])}" if step["position_seconds"] else "Watch"


def go_to(step: Row) -> None:
    """Leave for the place of this step; a lecture begins to play there."""
    if step["module_kind"] == "lecture":
        st.session_state[_TO_PLAY] = step["module_id"]
    place = place_of(step)
    st.switch_page(place.page, query_params=place.query)


def was_sent_to_play(module_id: int) -> bool:
    """Whether `go_to` led to this lecture just now; only the first to ask learns it, so that a reload plays nothing."""
    return bool(st.session_state.pop(_TO_PLAY, None) == module_id)


def show_next(step: Row, *, is_primary: bool) -> None:
    """A button that leads on."""
    label = f"Next: {plain(step['module_title'])}"
    if st.button(label, type="primary" if is_primary else "secondary", icon=icon("arrow_forward"), key="next_step"):
        go_to(step)
