"""What the browser calls the page: whom and what it is about, then the page, then Waymark.

Called once a run with the page, and then by whatever chooses what the page shows: only what the viewer may see is ever
chosen, so no other name gets here.
"""

import streamlit as st

from pages.widgets.words.markdown import one_line

_KEY = "browser_title"


def start_title(page: str) -> None:
    """Begin with the page's own title."""
    _show([page, "Waymark"])


def add_to_title(subject: str) -> None:
    """Put whom or what the page is about before the page: first the learner or the class, then the course."""
    *subjects, page, name = st.session_state[_KEY]
    _show([*subjects, one_line(subject), page, name])


def _show(parts: list[str]) -> None:
    st.session_state[_KEY] = parts
    st.set_page_config(page_title=" – ".join(parts))
