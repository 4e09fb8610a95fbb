"""Part three, 2.5 activities resource: an activity with all that is said of it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.xapi.conformance.parts import activity, said

ACTIVITIES = "/xapi/activities"
Stored = Callable[[dict[str, Any]], dict[str, Any]]


def known(lrs: httpx.Client, activity_id: str) -> Any:
    answer = lrs.get(ACTIVITIES, params={"activityId": activity_id})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_xapi_00250_an_activity_is_asked_for_by_its_id(lrs: httpx.Client) -> None:
    for parameters in ({}, {"activityId": "no address"}, {"activityid": "https://a.example"}):
        assert lrs.get(ACTIVITIES, params=parameters).status_code == 400


def test_2_5_s2_b1_of_an_unknown_activity_the_id_is_given(lrs: httpx.Client) -> None:
    unknown = activity("never-heard-of")
    assert known(lrs, unknown["id"]) == unknown


def test_xapi_00251_and_00253_a_known_activity_is_given_whole(lrs: httpx.Client, stored: Stored) -> None:
    definition = {
        "name": {"en": "A quiz"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"en": "Ay"}}],
        "correctResponsesPattern": ["a"],
        "extensions": {"https://extensions.example/level": 2},
    }
    sent = stored(said(thing=activity("whole", **definition)))
    assert known(lrs, sent["object"]["id"]) == sent["object"]


def test_xapi_00254_what_several_statements_say_is_put_together(lrs: httpx.Client, stored: Stored) -> None:
    stored(said(thing=activity("several", name={"en": "Old name", "fr": "Nom"}, moreInfo="https://old.example")))
    stored(said(thing=activity("several", name={"en": "New name"}, description={"de": "Text"})))
    assert known(lrs, activity("several")["id"])["definition"] == {
        "name": {"en": "New name", "fr": "Nom"},
        "description": {"de": "Text"},
        "moreInfo": "https://old.example",
    }


@pytest.mark.parametrize("relation", ["parent", "grouping", "category", "other"])
def test_xapi_00254_what_is_said_of_it_in_contexts_counts_too(lrs: httpx.Client, stored: Stored, relation: str) -> None:
    course = activity(f"course-as-{relation}", name={"en": "A course"})
    stored(said(context={"contextActivities": {relation: course}}))
    assert known(lrs, course["id"]) == course


def test_xapi_00126_and_3_1_head_and_etags(lrs: httpx.Client) -> None:
    parameters = {"activityId": activity("tagged")["id"]}
    etag = lrs.head(ACTIVITIES, params=parameters).headers["etag"]
    assert lrs.get(ACTIVITIES, params=parameters, headers={"If-None-Match": etag}).status_code == 304
