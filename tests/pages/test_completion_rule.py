"""An administrator reads, tries, saves and removes the completion rule of a course."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data.models import Course, Module
from data.record import Record
from data.viewer import Viewer
from progress.courses.completion_rules import CompletionRule, KeyAssignment, preview, rule_history, save_completion_rule
from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, open_page, words
from tests.pages.steps import cell, choose, press, wait

Known = Callable[[str], Viewer]
ESSAY, QUIZ = "Essay: who gained from the factories?", "Check: sources"
WITHOUT = "The course is complete when all its units are."


def test_a_rule_is_tried_saved_and_taken_away(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    course_id = _course(school)
    page = signed_in("admin")
    open_page(page, f"/completion_rule?course={course_id}")
    assert WITHOUT in words(page)
    for label, title in (("Must be submitted", ESSAY), ("Must be passed", QUIZ)):
        choose(page, label, title)
        page.keyboard.press("Escape")
    press(page, "Show who would gain")
    rule = CompletionRule(key_assignments=(_key(school, ESSAY, "submitted"), _key(school, QUIZ, "passed")))
    gains = preview(viewer("admin"), course_id, rule)
    assert gains.height > 1
    expect(page.get_by_text(f"{gains.height} learners met this rule")).to_be_visible()
    expect(cell(page.get_by_test_id("stDataFrame").first, 0, 0)).to_have_text(gains["learner_name"][0])
    assert rule_history(course_id).versions == ()
    _fill_share(page, "80")
    press(page, "Save")
    expect(page.get_by_text("Saved as version 1. Nobody’s completion was taken back.")).to_be_visible()
    sentence = f"80% of its lectures are complete, “{QUIZ}” is passed and “{ESSAY}” is submitted"
    assert sentence in words(page)
    press(page, "Take the rule away…")
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Take it away", exact=True).click()
    wait(page)
    expect(page.get_by_text("Saved as version 2. Nobody’s completion was taken back.")).to_be_visible()
    assert WITHOUT in words(page)
    grid = page.get_by_test_id("stDataFrame").last
    expect(cell(grid, 0, 0)).to_have_text("2")
    expect(cell(grid, 1, 2)).to_have_text("Priya Nair")


def test_a_rule_that_asks_for_nothing_is_refused_in_words(signed_in: SignedIn, school: Record) -> None:
    page = signed_in("admin")
    open_page(page, f"/completion_rule?course={_course(school)}")
    for button in ("Show who would gain", "Save"):
        press(page, button)
        expect(page.get_by_text("A rule asks for something")).to_be_visible()


@pytest.mark.parametrize(
    ("label", "typed", "refusal"),
    [
        ("Share of the lectures that must be complete (%)", "150", "150% is not a share of the lectures."),
        ("Minimum score (%)", "-3", "The minimum score -3 is not between 0 and 100."),
    ],
)
def test_a_number_that_is_no_percentage_is_refused_in_words(
    label: str, typed: str, refusal: str, signed_in: SignedIn, school: Record
) -> None:
    page = signed_in("admin")
    open_page(page, f"/completion_rule?course={_course(school)}")
    page.get_by_role("spinbutton", name=label, exact=True).fill(typed)
    for button in ("Show who would gain", "Save"):
        press(page, button)
        expect(page.get_by_test_id("stAlertContentError")).to_contain_text(refusal)


def test_of_two_administrators_the_second_is_told(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    course_id = _course(school)
    page = signed_in("admin")
    open_page(page, f"/completion_rule?course={course_id}")
    _fill_share(page, "50")
    save_completion_rule(viewer("admin"), course_id, CompletionRule(1.0), reevaluate=False)
    press(page, "Save")
    expect(page.get_by_text("Someone else has changed the rule meanwhile.")).to_be_visible()
    newest = rule_history(course_id).versions[-1].rule
    assert newest == CompletionRule(1.0)
    save_completion_rule(viewer("admin"), course_id, None, reevaluate=False)


def _fill_share(page: Page, percent: str) -> None:
    page.get_by_label("Share of the lectures that must be complete (%)").fill(percent)


def _course(school: Record) -> int:
    with school.reading() as connection:
        return connection.scalars(select(Course.id).where(Course.title == "History, Year 9")).one()


def _key(school: Record, title: str, needs: str) -> KeyAssignment:
    with school.reading() as connection:
        return KeyAssignment(connection.scalars(select(Module.id).where(Module.title == title)).one(), needs)
