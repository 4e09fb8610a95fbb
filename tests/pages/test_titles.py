"""The browser's title says which page it is and whom and what it is about, so that tabs can be told apart."""

import pytest
from playwright.sync_api import expect

from queries.course_progress import course_progress
from queries.people import learners
from tests.pages.conftest import Known, SignedIn
from tests.pages.recording import Row
from tests.pages.screen import open_page
from tests.pages.steps import choose

PAGES = [
    ("student", "/my_courses", "My courses – Waymark"),
    ("student", "/my_timeline", "My timeline – Waymark"),
    ("teacher", "/my_classes", "My classes – Waymark"),
    ("teacher", "/class_progress", "8A Science – Class progress – Waymark"),
    ("parent", "/my_children", "My children – Waymark"),
    ("admin", "/people", "People – Waymark"),
    ("admin", "/school", "Alder Grove School – School – Waymark"),
    ("admin", "/person?person=987654", "Person – Waymark"),
    ("admin", "/access_tokens", "Access for programs – Waymark"),
    ("norole", "/", "No pages yet – Waymark"),
]


@pytest.mark.parametrize(("username", "path", "title"), PAGES)
def test_every_page_has_a_title_of_its_own(username: str, path: str, title: str, signed_in: SignedIn) -> None:
    page = signed_in(username)
    open_page(page, path)
    expect(page).to_have_title(title)


def test_a_childs_course_is_named_with_the_child(signed_in: SignedIn, viewer: Known) -> None:
    row = course_progress(viewer("parent")).row(0, named=True)
    page = signed_in("parent")
    open_page(page, f"/child_progress?learner={row['learner_id']}&course={row['course_id']}")
    expect(page).to_have_title(f"{row['learner_name']} – {row['course_title']} – Child’s progress – Waymark")


def test_the_title_follows_what_is_chosen(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    page = signed_in("teacher")
    first = learners(viewer("teacher")).row(0, named=True)
    open_page(page, f"/learner_progress?learner={first['learner_id']}")
    expect(page).to_have_title(f"{first['learner_name']} – Learner progress – Waymark")
    open_page(page, "/record_progress")
    choose(page, "Module", str(module["module_title"]))
    expect(page).to_have_title(f"8A Science – {module['module_title']} – Record progress – Waymark")


def test_nobody_is_named_whom_the_viewer_may_not_see(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("parent")
    open_page(page, f"/child_progress?learner={viewer('admin').user_id}")
    expect(page).to_have_title("Child’s progress – Waymark")
