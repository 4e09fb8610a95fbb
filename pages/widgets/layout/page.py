"""What every page has: a title, a line that says what it answers, the time of its numbers, plain words for errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from data.viewer import NotAllowed, Viewer
from pages.widgets.words.markdown import icon, plain
from pages.widgets.words.percentages import minute_text
from queries.asking.ask import newest_as_of, trouble_in_words


def show_heading(viewer: Viewer, title: str, intro: str = "") -> None:
    """The page's title with its introduction, and as of when its numbers are."""
    with st.container(gap=None):
        st.title(plain(title), anchor=False)
        st.caption(" · ".join(part for part in (intro, as_of_stamp(viewer)) if part))


def as_of_stamp(viewer: Viewer) -> str:
    """As of when the numbers are, in the time zone of the viewer's school: what is asked after this is no older."""
    moment = minute_text(newest_as_of(), viewer.time_zone)
    trouble = trouble_in_words()
    return f"{icon('warning')} {trouble} What you see is as of {moment}." if trouble else f"As of {moment}"


@contextmanager
def plain_words() -> Iterator[None]:
    """Turns a named error within into a message for people; any other is the server's to log and to explain."""
    try:
        yield
    except NotAllowed:
        st.error("This page is not for your account. Ask your school's administrator if you need it.")
