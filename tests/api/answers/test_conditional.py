"""Asking again for what one has: the tag of an answer changes when, and only when, what it says does."""

import httpx
import pytest

from progress.people.access import viewer_of
from tests.api.conftest import SignedIn
from tests.api.school import School
from tests.api.v1.test_events import event


@pytest.fixture(params=["course", "class"])
def path(request: pytest.FixtureRequest, school: School) -> str:
    class_id = viewer_of(school.people["turing"]).class_ids[0]
    place = {"course": f"courses/{school.algebra}", "class": f"classes/{class_id}"}[request.param]
    return f"/api/v1/{place}/progress"


def asked(browser: httpx.Client, path: str, tag: str) -> httpx.Response:
    return browser.get(path, headers={"If-None-Match": tag})


def test_answer_that_still_holds_is_not_sent_again(signed_in: SignedIn, path: str) -> None:
    first = signed_in("turing").get(path)
    again = signed_in("turing").get(path)
    assert first.headers["etag"] == again.headers["etag"]
    assert first.json()["as_of"] != again.json()["as_of"]
    for tag in (first.headers["etag"], first.headers["etag"][2:], f'"other", {first.headers["etag"]}', "*"):
        unchanged = asked(signed_in("turing"), path, tag)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == first.headers["etag"]
        assert "content-type" not in unchanged.headers


@pytest.mark.parametrize("tag", ["", '"other"', "W/", "no tag at all", '"', '"*"'])
def test_any_other_tag_gets_the_answer(signed_in: SignedIn, path: str, tag: str) -> None:
    assert asked(signed_in("turing"), path, tag).json()["learners"]


def test_callers_may_keep_answers_for_themselves_and_must_ask_each_time(signed_in: SignedIn, path: str) -> None:
    tag = signed_in("turing").get(path).headers["etag"]
    for answer in (signed_in("turing").get(path), asked(signed_in("turing"), path, tag)):
        assert answer.headers["cache-control"] == "private, no-cache"


def test_tag_changes_with_what_is_recorded_in_it_and_with_nothing_else(
    signed_in: SignedIn, school: School, path: str
) -> None:
    before = signed_in("turing").get(path).headers["etag"]
    elsewhere = event(school.people["zoe"], school.biology_module, f"elsewhere-{path}")
    assert signed_in("head").post("/api/v1/events", json=elsewhere).json()["verdicts"][0]["outcome"] == "created"
    assert asked(signed_in("turing"), path, before).status_code == 304
    module = school.algebra_modules[0 if "courses" in path else 1]
    signed_in("head").post("/api/v1/events", json=event(school.people["ben"], module, f"within-{path}"))
    after = asked(signed_in("turing"), path, before)
    assert after.status_code == 200
    assert after.headers["etag"] != before


def test_those_who_see_other_learners_get_other_tags(signed_in: SignedIn, path: str) -> None:
    tags = {signed_in(username).get(path).headers["etag"] for username in ("turing", "mother", "ben")}
    assert len(tags) == 3


def test_pages_and_orders_have_tags_of_their_own(signed_in: SignedIn, path: str) -> None:
    answers = [signed_in("turing").get(path, params=asking) for asking in ({"limit": 1}, {"limit": 2})]
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
