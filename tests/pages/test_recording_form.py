"""The form saves what the person sees in it, and says what that changed and what not."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Known, SignedIn
from tests.pages.recording import TODAY, open_form, said, shown_date, state_of, type_date, untouched
from tests.pages.steps import choose, press

Row = dict[str, object]


@pytest.mark.parametrize(
    ("year", "refusal"), [("2099", "lies in the future"), ("1850", "The date is too long ago to be right.")]
)
def test_a_date_that_is_refused_is_not_saved_and_stays_to_be_put_right(
    year: str, refusal: str, signed_in: SignedIn, viewer: Known, module: Row
) -> None:
    learner = untouched(viewer("teacher"), module)[6]
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", learner["learner_name"])
    type_date(page, year=year)
    press(page, "Save")
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text(refusal)
    assert shown_date(page).endswith(year)
    assert state_of(viewer("teacher"), learner["learner_id"], module)["status"] == "not_started"


def test_the_date_that_is_typed_is_saved_and_said(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    learner = untouched(viewer("teacher"), module)[7]
    earlier = TODAY - timedelta(days=40)
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", learner["learner_name"])
    type_date(page, day=f"{earlier:%d}", month=f"{earlier:%m}", year=f"{earlier:%Y}")
    press(page, "Save")
    expect(page.get_by_text(f"Saved for {learner['learner_name']}, {said(earlier)}.")).to_be_visible()
    assert state_of(viewer("teacher"), learner["learner_id"], module)["completed_at"].date() == earlier


@pytest.mark.parametrize("part", ["day", "month", "year"])
def test_of_a_date_that_was_left_unfinished_the_one_that_is_shown_is_saved(
    part: str, signed_in: SignedIn, viewer: Known, module: Row
) -> None:
    learner = untouched(viewer("teacher"), module)[8]
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", learner["learner_name"])
    type_date(page, **{part: ""})
    shown = shown_date(page)
    press(page, "Save")
    expect(page.get_by_text(f"{learner['learner_name']}, {said(TODAY)}.")).to_be_visible()
    assert shown == f"{TODAY:%d/%m/%Y}"


@pytest.mark.parametrize("typed", ["150", "-3"])
def test_a_score_that_is_no_percentage_is_refused_in_the_words_of_the_grid(
    typed: str, signed_in: SignedIn, viewer: Known, module: Row
) -> None:
    learner = untouched(viewer("teacher"), module)[9]
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", learner["learner_name"])
    page.get_by_label("Score (0–100)").fill(typed)
    press(page, "Save")
    refusal = f"{learner['learner_name']}: The score {typed} is not between 0 and 100."
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text(refusal)
    page.get_by_label("Score (0–100)").fill("15")
    press(page, "Save")
    expect(page.get_by_text(f"Saved for {learner['learner_name']}")).to_be_visible()
    assert state_of(viewer("teacher"), learner["learner_id"], module)["score"] == 15


def test_a_score_that_does_not_count_is_said_not_to(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    learner = untouched(viewer("teacher"), module)[10]
    page = open_form(signed_in("teacher"), module)
    for score in ("85", "35"):
        choose(page, "Learner", learner["learner_name"])
        page.get_by_label("Score (0–100)").fill(score)
        press(page, "Save")
    expect(page.get_by_test_id("stAlertContentInfo")).to_contain_text(
        f"Recorded for {learner['learner_name']}, {said(TODAY)}. The best score counts: still 85%."
    )
    expect(page.get_by_text("Saved for")).to_have_count(0)
