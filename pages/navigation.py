"""Streamlit's entry script: who are you, and which pages does that give you. What a page shows stands in its file."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from data.viewer import Viewer
from pages.admin.import_state import forget_import_unless_on
from pages.widgets.markdown import plain
from pages.widgets.page import plain_words
from pages.widgets.viewer import SIGN_OUT_URL, current_viewer, show_link

_PICTURES = Path(__file__).parent / "widgets"

# Per role: the heading of its group, then file, title and icon of each page. The first is where that role starts.
_PAGES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "student": (
        "Learning",
        [
            ("student/my_courses.py", "My courses", "school"),
            ("student/my_course.py", "My course", "menu_book"),
            ("student/lecture.py", "Lecture", "play_circle"),
            ("student/my_timeline.py", "My timeline", "timeline"),
        ],
    ),
    "teacher": (
        "Teaching",
        [
            ("teacher/my_classes.py", "My classes", "groups"),
            ("teacher/class_progress.py", "Class progress", "grid_on"),
            ("teacher/learner_progress.py", "Learner progress", "person_search"),
            ("teacher/record_progress.py", "Record progress", "edit_note"),
        ],
    ),
    "parent": (
        "Family",
        [
            ("parent/my_children.py", "My children", "family_restroom"),
            ("parent/child_progress.py", "Child’s progress", "auto_stories"),
            ("parent/child_timeline.py", "Child’s timeline", "event_note"),
        ],
    ),
    "administrator": (
        "Administration",
        [
            ("admin/course_completion.py", "Course completion", "task_alt"),
            ("admin/completion_rule.py", "Completion rules", "rule"),
            ("admin/cohort_trend.py", "Cohort trend", "trending_up"),
            ("admin/people.py", "People", "badge"),
            ("admin/person.py", "Person", "person"),
            ("admin/import_data.py", "Import", "upload_file"),
            ("admin/video_statements.py", "Video statements", "smart_display"),
            ("admin/data_check.py", "Data check", "fact_check"),
        ],
    ),
}

# For every role; reached from the foot of the menu.
_PROGRAMS = "account/access_tokens.py"

# Reached from another page: a menu has no place for them.
_NOT_IN_MENU = {"admin/person.py", "student/lecture.py"}


def pages_of(viewer: Viewer) -> dict[str, list[st.Page]]:
    """The pages of each of the viewer's roles, and the hidden page at the root; with one role there is no heading.

    The root sends on to the first page, because Streamlit would serve a default page at the root and nowhere else.
    """
    groups = {
        heading: [
            st.Page(file, title=title, icon=f":material/{icon}:", visibility=_visibility(file))
            for file, title, icon in files
        ]
        for role, (heading, files) in _PAGES.items()
        if role in viewer.roles
    }
    pages = [page for group in groups.values() for page in group]
    account = [st.Page(_PROGRAMS, title="Access for programs", visibility="hidden")] if pages else []
    start = st.Page(lambda: show_start(pages), title="Waymark", url_path="start", default=True, visibility="hidden")
    return {"": [start, *account], **groups} if len(groups) > 1 else {"": [start, *pages, *account]}


def _visibility(file: str) -> Literal["visible", "hidden"]:
    return "hidden" if file in _NOT_IN_MENU else "visible"


def show_start(pages: list[st.Page]) -> None:
    """What stands at the root, and wherever Streamlit knows of no page: pages of other roles do not exist either."""
    if not pages:
        show_message("No pages yet", "Your account has no role yet. Ask your school’s administrator to give you one.")
    elif urlsplit(st.context.url or "").path.strip("/") == st.get_option("server.baseUrlPath").strip("/"):
        st.switch_page(pages[0])
    else:
        show_message("Page not found", "There is no page at this address for you. Choose one from the menu.")


def show_message(title: str, message: str) -> None:
    st.title(title, anchor=False)
    st.markdown(message)


def show_account(viewer: Viewer) -> None:
    with st.sidebar:
        st.caption(f"Signed in as **{plain(viewer.full_name)}**")
        if viewer.roles:
            show_link("Access for programs", "/access_tokens")
        show_link("Sign out", SIGN_OUT_URL)


st.set_page_config(page_title="Waymark", page_icon=_PICTURES / "waymark.svg", layout="wide")
st.logo(_PICTURES / "waymark_name.svg", icon_image=_PICTURES / "waymark.svg", size="large")
viewer = current_viewer()
page = st.navigation(pages_of(viewer), expanded=True)
show_account(viewer)
forget_import_unless_on(page.url_path)
with plain_words():
    page.run()
