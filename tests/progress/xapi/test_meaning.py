"""Verb by verb: which event a statement becomes, with which score, position and stretches."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.xapi.statement.meaning import Told, Unusable, told_by
from progress.xapi.statement.segments import played_segments
from progress.xapi.statement.statements import statement_of
from progress.xapi.statement.verbs import VERBS, event_kind

ADL, VIDEO = "http://adlnet.gov/expapi/verbs", "https://w3id.org/xapi/video"
RULES = ("viewed", "watched", "submitted", "passed", "manual")


def told(verb: str, **parts: Any) -> Told:
    statement = {
        "actor": {"mbox": "mailto:ada@school.example"},
        "verb": {"id": verb},
        "object": {"id": "https://videos.example/film"},
        **parts,
    }
    return told_by(statement_of(statement))


def extended(**values: Any) -> dict[str, Any]:
    return {"extensions": {f"{VIDEO}/extensions/{name.replace('_', '-')}": value for name, value in values.items()}}


@pytest.mark.parametrize(
    ("verb", "meant"),
    [
        (f"{VIDEO}/verbs/played", "played"),
        (f"{VIDEO}/verbs/paused", "played"),
        (f"{VIDEO}/verbs/seeked", "played"),
        (f"{ADL}/initialized", "played"),
        (f"{ADL}/terminated", "played"),
        (f"{ADL}/attempted", "attempted"),
        (f"{ADL}/completed", "completed"),
        (f"{ADL}/passed", "passed"),
        (f"{ADL}/failed", "failed"),
        ("https://w3id.org/xapi/adl/verbs/waived", "waived"),
        (f"{ADL}/interacted", None),
        (f"{ADL}/answered", None),  # without a score it says nothing about how far someone has come
        (f"{ADL}/evaluated", None),
        ("https://w3id.org/xapi/adl/verbs/satisfied", None),
        ("http://id.tincanapi.com/verb/downloaded", None),
    ],
)
def test_verbs_mean_what_the_profiles_say(verb: str, meant: str | None) -> None:
    assert told(verb).meant == meant


def test_every_verb_of_the_table_becomes_an_event_under_every_rule() -> None:
    kinds = {event_kind(meant, has, rule).kind for meant in VERBS.values() for has in (True, False) for rule in RULES}
    assert kinds == {"played", "completed", "submitted", "scored"}


@pytest.mark.parametrize(
    ("meant", "has_score", "rule", "kind", "is_outright"),
    [
        ("played", False, "watched", "played", False),
        ("completed", False, "watched", "completed", False),
        ("completed", False, "passed", "completed", False),
        ("completed", True, "passed", "scored", False),
        ("completed", True, "watched", "completed", False),
        ("passed", True, "passed", "scored", False),
        ("passed", False, "passed", "completed", True),
        ("passed", False, "submitted", "submitted", False),
        ("failed", True, "passed", "scored", False),
        ("failed", False, "passed", "submitted", False),
        ("waived", False, "passed", "completed", True),
        ("scored", True, "submitted", "scored", False),
    ],
)
def test_kind_follows_the_verb_the_score_and_the_rule(
    meant: Any, has_score: bool, rule: str, kind: str, is_outright: bool
) -> None:
    assert event_kind(meant, has_score, rule) == (kind, is_outright)


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ({"scaled": 0.57}, 57.0),
        ({"scaled": -0.5}, 0.0),
        ({"scaled": 1, "raw": 3, "max": 4}, 100.0),
        ({"raw": 3, "max": 4}, 75.0),
        ({"raw": 0, "min": -10, "max": 10}, 50.0),
        ({"raw": 3}, None),
        ({"raw": 3, "min": 0}, None),
        ({}, None),
    ],
)
def test_score_is_brought_to_0_to_100_where_its_scale_is_told(score: dict[str, float], points: float | None) -> None:
    assert told(f"{ADL}/passed", result={"score": score}).score == points


def test_scored_needs_a_score_that_can_be_read() -> None:
    for result in ({}, {"score": {"raw": 3}}):
        with pytest.raises(Unusable, match="score"):
            told(f"{ADL}/scored", result=result)


def test_position_is_where_the_player_stands_after_a_seek() -> None:
    assert told(f"{VIDEO}/verbs/played", result=extended(time=12.5)).position_seconds == 12.5
    assert told(f"{VIDEO}/verbs/seeked", result=extended(time_from=5, time_to=80)).position_seconds == 80
    assert told(f"{ADL}/initialized").position_seconds is None


@pytest.mark.parametrize("verb", ["attempted", "answered", "evaluated"])
def test_score_of_an_attempt_an_answer_and_an_evaluation_is_carried_in(verb: str) -> None:
    found = told(f"{ADL}/{verb}", result={"score": {"raw": 3, "max": 4}})
    assert (found.score, found.is_event) == (75, verb == "attempted")
    assert {event_kind(found.meant, True, rule).kind for rule in RULES} == {"scored"}  # type: ignore[arg-type]


def test_attempt_without_a_score_is_played() -> None:
    assert {event_kind("attempted", False, rule).kind for rule in RULES} == {"played"}


@pytest.mark.parametrize("time", [-1, "12", True, [], 1e400])
def test_position_that_is_none_is_passed_over_and_the_rest_counts(time: Any) -> None:
    found = told(f"{ADL}/completed", result=extended(time=time, played_segments="0[.]5"))
    assert (found.meant, found.position_seconds, found.watched_intervals) == ("completed", None, ((0.0, 5.0),))
    assert found.passed_over.startswith("The position ")


def test_what_can_be_read_passes_nothing_over() -> None:
    for value in (None, 0, 12.5):
        assert told(f"{VIDEO}/verbs/played", result=extended(time=value)).passed_over == ""


def test_length_and_threshold_are_read_wherever_they_stand() -> None:
    for place in ("result", "context"):
        found = told(f"{VIDEO}/verbs/paused", **{place: extended(length=264, completion_threshold=0.81)})
        assert (found.length_seconds, found.threshold) == (264.0, 0.81)
    odd = told(f"{VIDEO}/verbs/paused", context=extended(length="long", completion_threshold=1.5))
    assert (odd.length_seconds, odd.threshold) == (None, None)
    assert odd.passed_over == "The length long is not a number above 0 and counts as not told."


def test_course_is_a_parent_or_grouping_and_best_one_that_says_so() -> None:
    course = {"id": "https://c.example/3", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}}
    related = {"parent": [{"id": "https://c.example/1"}], "grouping": [{"id": "https://c.example/2"}, course]}
    found = told(f"{ADL}/completed", context={"contextActivities": related}).courses
    assert found == ("https://c.example/3", "https://c.example/1", "https://c.example/2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("0", ()),
        ("0[.]", ()),
        ("0[.]12.5", ((0.0, 12.5),)),
        ("0[.]12.5[,]30", ((0.0, 12.5),)),
        ("0[.]12.5[,]30[.]", ((0.0, 12.5),)),
        ("0[.]12.5[,]3[.]41[,]41[.]41", ((0.0, 12.5), (3.0, 41.0), (41.0, 41.0))),
        ("1e-05[.]2", ((0.00001, 2.0),)),
    ],
)
def test_closed_segments_are_stretches_and_an_open_last_one_is_none(text: str, expected: Any) -> None:
    assert played_segments(text) == (expected, "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12[.]3", ()),
        ("0[.]60.2[,]60.2[.]59.8[,]59.8[.]120", ((0, 60.2), (59.8, 120))),
        ("a[.]b", ()),
        ("0[.]NaN[,]1[.]2", ((1, 2),)),
        ("-1[.]2", ()),
        ("0[.]1[,]", ((0, 1),)),
        ("0[,]1[.]2", ((1, 2),)),
        ("0[.]1[.]2", ()),
        ("0.5.1[.]2", ()),
        ("0[.]5[,]9[.]8[,]20[.]", ((0, 5),)),
        (" ", ()),
        (None, ()),
        (5, ()),
        ([[0, 5]], ()),
        ("0[.]1e999", ()),
    ],
)
def test_segments_that_cannot_be_read_count_as_not_watched_and_the_others_count(text: Any, read: Any) -> None:
    found = played_segments(text)
    assert found.stretches == read
    assert found.fault.endswith("count as not watched.")
    completed = told(f"{ADL}/completed", result=extended(played_segments=text))
    assert (completed.meant, completed.watched_intervals, completed.passed_over) == ("completed", *found)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)).map(sorted)))
def test_segments_come_back_as_they_were_written(pairs: list[list[float]]) -> None:
    text = "[,]".join(f"{start!r}[.]{end!r}" for start, end in pairs)
    assert played_segments(text).stretches == tuple((start, end) for start, end in pairs)


@given(st.text(alphabet="0123456789.[],e-", max_size=40))
def test_any_other_text_is_read_as_far_as_it_can_be_and_nothing_worse(text: str) -> None:
    assert all(0 <= start <= end < float("inf") for start, end in played_segments(text).stretches)
