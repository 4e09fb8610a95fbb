"""Which unknown learners and videos may other systems' statements (xAPI) add to a course?"""

from functools import partial
from urllib.parse import urlsplit

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.admin.accounts.changes import change, show_last_change
from pages.widgets.layout.choosing import choose_course
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.markdown import plain
from progress.xapi.record.provisioning import change_provisioning, provisioning_of
from queries.course_structure import courses

_INTRO = """
Video players and learning platforms send what learners do as xAPI statements to `{address}`, with an
[access](/access_tokens) of their own. What they tell of learners and videos that Waymark knows is always taken in.
"""
_LABEL = "Make unknown learners and videos of this course known"
_MEANING = """
Learners get a pseudonym and a place in the course, videos become lectures in a unit “Videos”. Otherwise statements
about them are refused by name. Ending this takes nobody and nothing away. Only administrators’ programs can do it.
"""


def save(viewer: Viewer, course_id: int, title: str, key: str) -> None:
    wanted = bool(st.session_state[key])
    known = "made known" if wanted else "no longer made known"
    words = f"Unknown learners and videos of {plain(title)} are {known}."
    change(words, lambda: change_provisioning(viewer, course_id, wanted))


viewer = current_viewer()
show_heading(viewer, "Video statements", "What other systems tell of learners and videos.")
page = urlsplit(st.context.url or "")
st.markdown(_INTRO.format(address=f"{page.scheme}://{page.netloc}/xapi/statements"))
course_id = choose_course(viewer)
course = courses(viewer).row(by_predicate=pl.col("course_id") == course_id, named=True)
if course["course_external_id"] is None:
    st.info("No statement can name this course: it has no id in other systems.", icon=":material/info:")
    st.stop()
named = plain(course["course_external_id"])
st.markdown(f"Statements name it as their parent or grouping, by the id that it has in other systems: {named}")
key = f"provisions_{course_id}"
st.session_state[key] = provisioning_of(viewer, course_id)
st.checkbox(_LABEL, key=key, on_change=partial(save, viewer, course_id, course["course_title"], key))
st.caption(_MEANING)
show_last_change()
