"""Streamlit's entry script: who are you, and which pages does that give you. What a page shows stands in its file."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.viewer import Viewer
from pages.admin.importing.state import forget_import_unless_on
from pages.menu import ACCOUNT_PAGES, NOT_IN_MENU, PAGES
from pages.teacher.recording.drafts import mark_unsaved
from pages.widgets.layout.page import plain_words
from pages.widgets.running.viewer import SIGN_OUT_URL, current_viewer, show_links
from pages.widgets.words.markdown import plain
from pages.widgets.words.titles import start_title

_PICTURES = Path(__file__).parent / "widgets"
_NOT_FOUND = "Page not found"


def pages_of(viewer: Viewer, asked: str = "") -> dict[str, list[st.Page]]:
    """The pages of each of the viewer's roles, and the hidden page at the root; with one role there is no heading.

    The root sends on to the first page, because Streamlit would serve a default page at the root and nowhere else.
    `asked` is the address that was asked for: without a page there, Streamlit would cover the page with words of its
    own, so there is one that says what ours say.
    """
    groups = {
        heading: [
            st.Page(file, title=title, icon=f":material/{icon}:", visibility=_visibility(file))
            for file, title, icon in files
        ]
        for role, (heading, files) in PAGES.items()
        if role in viewer.roles
    }
    pages = [page for group in groups.values() for page in group]
    account = [st.Page(file, title=title, visibility="hidden") for file, title in ACCOUNT_PAGES if pages]
    start = st.Page(lambda: show_start(pages), title="Start", url_path="", default=True, visibility="hidden")
    hidden = [start, *account]
    if asked and asked not in {page.url_path for page in (*pages, *account)}:
        hidden.append(
            st.Page(lambda: show_start(pages, is_unknown=True), title=_NOT_FOUND, url_path=asked, visibility="hidden")
        )
    return {"": hidden, **groups} if len(groups) > 1 else {"": [*hidden, *pages]}


def address_asked_for() -> str:
    """Under which address the browser was opened, as Streamlit compares it with those of the pages; else empty."""
    context = get_script_run_ctx()
    return (context and context.pages_manager.intended_page_name) or ""


def _visibility(file: str) -> Literal["visible", "hidden"]:
    return "hidden" if file in NOT_IN_MENU else "visible"


def show_start(pages: list[st.Page], *, is_unknown: bool = False) -> None:
    """What stands at the root, and wherever Streamlit knows of no page: pages of other roles do not exist either."""
    if not pages:
        show_message("No pages yet", "Your account has no role yet. Ask your school’s administrator to give you one.")
    elif not is_unknown and _is_at_root():
        st.switch_page(pages[0])
    else:
        show_message(_NOT_FOUND, "There is no page at this address for you. Choose one from the menu.")


def _is_at_root() -> bool:
    root = str(st.get_option("server.baseUrlPath")).strip("/")
    return urlsplit(st.context.url or "").path.strip("/") == root


def show_message(title: str, message: str) -> None:
    start_title(title)
    st.title(title, anchor=False)
    st.markdown(message)


def show_account(viewer: Viewer) -> None:
    with st.sidebar:
        st.caption(f"Signed in as **{plain(viewer.full_name)}**")
        own = {"Access for programs": "/access_tokens", "Where you are signed in": "/sessions"} if viewer.roles else {}
        show_links({**own, "Change password": "/auth/password", "Sign out": SIGN_OUT_URL})


st.set_page_config(page_icon=_PICTURES / "waymark.svg", layout="wide")
st.logo(_PICTURES / "waymark_name.svg", icon_image=_PICTURES / "waymark.svg", size="large")
viewer = current_viewer()
page = st.navigation(pages_of(viewer, address_asked_for()), expanded=True)
start_title(page.title)
show_account(viewer)
forget_import_unless_on(page.url_path)
mark_unsaved()
with plain_words():
    page.run()
