"""Who you are decides which pages you have; a page of another role does not exist for you."""

import re

import pytest
from playwright.sync_api import expect

from progress.people.sign_in import SESSION_COOKIE, sign_out
from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, open_page, settle, words
from tests.pages.tabs import PHONE

PAGES = {
    "student": ["My courses", "My course", "My timeline"],
    "teacher": ["My classes", "Class progress", "Learner progress", "Record progress"],
    "parent": ["My children", "Child’s progress", "Child’s timeline"],
    "admin": [
        *("Course completion", "Completion rules", "Cohort trend", "People"),
        *("School", "Import", "Video statements", "Data check", "Audit trail"),
    ],
}
FIRST = {"student": "my_courses", "teacher": "my_classes", "parent": "my_children", "admin": "course_completion"}


@pytest.mark.parametrize("username", PAGES)
def test_each_role_has_its_pages_and_starts_on_the_first(username: str, signed_in: SignedIn) -> None:
    page = signed_in(username)
    page.goto("/")
    expect(page).to_have_url(re.compile(f"/{FIRST[username]}$"))
    settle(page)
    assert page.get_by_test_id("stSidebarNavLink").locator("p").all_inner_texts() == PAGES[username]
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[username][0])


def test_someone_with_two_roles_has_both_groups(signed_in: SignedIn) -> None:
    page = signed_in("both")
    open_page(page, "/my_children")
    assert page.get_by_test_id("stNavSectionHeader").all_inner_texts() == ["Teaching", "Family"]
    assert page.get_by_test_id("stSidebarNavLink").locator("p").all_inner_texts() == PAGES["teacher"] + PAGES["parent"]


def test_someone_without_a_role_sees_nothing_and_whom_to_ask(signed_in: SignedIn) -> None:
    page = signed_in("norole")
    open_page(page, "/")
    assert "Ask your school’s administrator" in words(page)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
    assert barriers(page) == []


def test_a_page_shows_nothing_more_once_its_session_has_ended(signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, "/my_courses")
    sign_out(next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SESSION_COOKIE))
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My timeline").click()
    expect(page).to_have_url(re.compile("/auth/login"))


@pytest.mark.parametrize("path", ["/my_children", "/course_completion", "/record_progress", "/no_such_page"])
def test_a_page_of_another_role_is_as_unknown_as_one_that_does_not_exist(path: str, signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, path)
    assert words(page) == "Page not found\n\nThere is no page at this address for you. Choose one from the menu."


def test_the_sidebar_says_who_is_signed_in_and_lets_them_out(signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, "/my_courses")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Signed in as")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/auth/login*")
    page.goto("/my_courses")
    expect(page).to_have_url(re.compile("/auth/login"))


def test_on_a_phone_the_menu_opens_and_closes_behind_the_chosen_page(signed_in: SignedIn) -> None:
    page = signed_in("student", width=PHONE)
    open_page(page, "/my_courses")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My timeline").click()
    settle(page)
    expect(page.get_by_role("heading", level=1, name="My timeline")).to_be_in_viewport()
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()
