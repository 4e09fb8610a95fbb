"""A school of its own in which a rule completes a course early, beside many courses that nobody takes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from data.models import Course, User
from data.record import Record, open_record
from progress.courses.completion_rules import CompletionRule, save_completion_rule
from progress.courses.structure import add_course
from progress.people.access import viewer_of
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, settle, words
from tests.pages.steps import choose
from tests.pages.tabs import PHONE, Tabs
from tests.serving import environment, serving

RULE = "The course is complete when 80% of its lectures are complete."
MANY = [f"Art {number:02}" for number in range(1, 26)]


@pytest.fixture(scope="module")
def school_var(school_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("completed")
    shutil.copyfile(school_var / "waymark.db", var / "waymark.db")
    with environment(WAYMARK_VAR=str(var), DATABASE_URL=f"sqlite:///{var / 'waymark.db'}"):
        _complete_early(open_record(f"sqlite:///{var / 'waymark.db'}"))
    return var


@pytest.fixture(scope="module")
def served(school_var: Path) -> Iterator[str]:
    with serving(f"sqlite:///{school_var / 'waymark.db'}", school_var) as address:
        yield address


@pytest.fixture(scope="module")
def tabs(served: str, browser: Browser) -> Iterator[Tabs]:
    with Tabs(browser, served) as opened:
        yield opened


def _complete_early(record: Record) -> None:
    with record.writing() as tx:
        for title in MANY:
            add_course(tx, title)
        science = tx.connection.scalars(select(Course.id).where(Course.title == "Science, Year 8")).one()
        admin = tx.connection.scalars(select(User.id).where(User.username == "admin")).one()
    save_completion_rule(viewer_of(admin), science, CompletionRule(lecture_share=0.8), True)


@pytest.mark.parametrize(("username", "path"), [("student", "/my_courses"), ("parent", "/my_children")])
def test_learner_and_parent_read_by_which_rule_a_course_was_completed(
    signed_in: SignedIn, username: str, path: str
) -> None:
    page = signed_in(username)
    open_page(page, path)
    expect(page.get_by_text("Completed by its rule on")).to_be_visible()
    assert "25 of 30 modules\n" + RULE in words(page)
    page.get_by_role("link", name="Science, Year 8").first.click()
    settle(page)
    expect(page.get_by_text(RULE)).to_be_visible()


def test_the_rule_is_read_before_it_completes_too(signed_in: SignedIn) -> None:
    page = signed_in("teacher")
    open_page(page, "/class_progress")
    choose(page, "Open a learner’s page", "Kofi Mensah")
    page.get_by_role("link", name="Science, Year 8").click()
    expect(page.get_by_text("Not started").first).to_be_visible()
    expect(page.get_by_text(RULE)).to_be_visible()


def test_the_timeline_says_today_on_a_phone(signed_in: SignedIn) -> None:
    page = signed_in("student", width=PHONE)
    open_page(page, "/my_timeline")
    days = page.locator(".js-plotly-plot .xtick text")
    expect(days).to_have_count(5)
    expect(days.last).to_be_visible()
    expect(days.last).to_have_text("Today")


def test_courses_that_nobody_takes_come_last_and_are_found_by_name(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/course_completion")
    titles = page.locator(".js-plotly-plot .annotation-text")
    assert "Science, Year 8" in titles.all_text_contents()[:8]
    page.get_by_role("textbox", name="Find a course").fill("art 25")
    page.get_by_role("textbox", name="Find a course").press("Enter")
    expect(titles.first).to_have_text("Art 25")
    page.get_by_role("textbox", name="Find a course").fill("no such")
    page.get_by_role("textbox", name="Find a course").press("Enter")
    expect(page.get_by_text("No such course")).to_be_visible()


def test_the_trend_opens_on_courses_in_which_something_goes_on(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    assert "Art 01" not in words(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
