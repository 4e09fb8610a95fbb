"""Choosing a course, a class or a learner. The choice stands in the URL (`?course=3`), so links and reloads keep it.

Only what the viewer may see can be chosen; any other number in the URL behaves like one that does not exist.
"""

from collections import Counter

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.words.markdown import one_line
from pages.widgets.words.titles import add_to_title
from queries.class_progress import class_progress
from queries.course_progress import course_progress
from queries.course_structure import courses
from queries.people import learners


def choose_course(viewer: Viewer, *, learner_id: int | None = None) -> int:
    """A course of this learner, or any of which the viewer sees a learner, those in use first; else the run ends."""
    frame = (
        courses(viewer, busiest_first=True) if learner_id is None else course_progress(viewer, learner_id=learner_id)
    )
    return _choose("course", _distinct_names(frame.select("course_id", "course_title", "course_external_id")))


def choose_class(viewer: Viewer) -> int:
    """A class that the viewer teaches; administrators choose among all. Without any the run ends here."""
    return _choose("class", _distinct_names(class_progress(viewer).select("class_id", "class_name", "course_title")))


def choose_learner(viewer: Viewer, *, class_id: int | None = None) -> int:
    """A learner of this class, or any whom the viewer may see. Without any the run ends here."""
    frame = learners(viewer, class_id=class_id)
    return _choose("learner", _distinct_names(frame.select("learner_id", "learner_name", "learner_external_id")))


def choose_child(viewer: Viewer) -> int:
    """A child of this parent (see `as_parent`), chosen like a learner. Without any the run ends here."""
    names = _distinct_names(learners(viewer).select("learner_id", "learner_name", "learner_external_id"))
    return _choose("learner", names, noun="child")


def filter_by_course(viewer: Viewer, learner_id: int) -> int | None:
    """One of the learner's courses, or none to see them all, which is where it starts."""
    frame = course_progress(viewer, learner_id=learner_id).select("course_id", "course_title", "course_external_id")
    return _choose("course", _distinct_names(frame), whole="All courses") or None


_NOTHING = {
    "course": (
        "No courses yet",
        "Courses appear here once the school has enrolled someone in one. Ask the school if you miss one.",
    ),
    "class": ("No classes yet", "Classes appear here as soon as an administrator lets you teach one."),
    "learner": ("No learners yet", "Learners appear here as soon as they join one of your classes."),
    "child": ("No children yet", "Ask the school to link your account to your child."),
}
_WHOLE = 0  # stands for all of them; no row has this id

# What else the URL may say that does not fit once another one is chosen.
_DEPENDENT = {"class": ("course", "unit", "module"), "learner": ("course", "unit", "module"), "course": ("unit",)}
_LEFT_OVER = "left_over_choices"


def _choose(parameter: str, names: dict[int, str], *, noun: str = "", whole: str = "") -> int:
    """The id that the URL names or the person picked. `whole` is what to call the choice of all together, if any."""
    noun = noun or parameter
    if not names:
        show_nothing_yet(*_NOTHING[noun])
        st.stop()
    if whole:
        names = {_WHOLE: whole} | names
    chosen = _asked_for(parameter, names)
    if chosen is None and parameter in _left_over():
        chosen = _fall_back(parameter, names)
    _left_over().discard(parameter)
    if len(names) > 1 or chosen is None:
        _show_choice(parameter, noun, names, chosen)
    if chosen is None:
        st.warning(f"We know of no such {noun}. Choose one from the list.", icon=":material/help:")
        st.stop()
    if chosen != _WHOLE:
        add_to_title(names[chosen])
    return chosen


def _left_over() -> set[str]:
    """Parameters that stand in the URL from before another learner, class or course was chosen."""
    parameters: set[str] = st.session_state.setdefault(_LEFT_OVER, set())
    return parameters


def _fall_back(parameter: str, names: dict[int, str]) -> int:
    """The first choice, in the URL too: the one from before is not among these."""
    first = next(iter(names))
    if first == _WHOLE:
        del st.query_params[parameter]
    else:
        st.query_params[parameter] = str(first)
    return first


def _asked_for(parameter: str, names: dict[int, str]) -> int | None:
    """The first when the URL names none; nothing when it names one that is not the viewer's."""
    asked = st.query_params.get(parameter)
    if asked is None:
        return next(iter(names))
    return next((known for known in names if str(known) == asked), None)


def _show_choice(parameter: str, noun: str, names: dict[int, str], chosen: int | None) -> None:
    """The list to choose from. The URL is the truth: the list is set from it, and picking writes to it."""
    key = f"choose_{parameter}"

    def keep_in_url() -> None:
        st.query_params[parameter] = str(st.session_state[key])
        dependent = _DEPENDENT.get(parameter, ())
        _left_over().update(name for name in dependent if name in st.query_params)
        if "unit" in dependent:
            st.query_params.pop("unit", None)  # only opens a unit of the course chosen before

    st.session_state[key] = chosen
    st.selectbox(
        noun.capitalize(),
        list(names),
        index=0 if chosen is not None else None,  # what stands in the URL can be changed, never cleared
        format_func=lambda each: one_line(names[each]),
        key=key,
        on_change=keep_in_url,
        placeholder=f"Choose a {noun}",
        width=360,
    )


def _distinct_names(rows: pl.DataFrame) -> dict[int, str]:
    """Names by id, from rows of id, name and what tells namesakes apart; where that is missing the id does."""
    times = Counter(rows.to_series(1))
    return {
        number: name if times[name] == 1 else f"{name} · {detail or number}"
        for number, name, detail in rows.iter_rows()
    }
