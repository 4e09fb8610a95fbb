"""The quick way for usual statements gives what the general one gives, and leaves to it whatever it would refuse."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.xapi.statement.fast_path import incoming_quickly
from progress.xapi.statement.incoming import Incoming, incoming
from progress.xapi.statement.meaning import Unusable
from progress.xapi.statement.statements import VOIDED
from progress.xapi.statement.values import InvalidStatement

VIDEO = "https://w3id.org/xapi/video/extensions"
AGENT = {"account": {"homePage": "https://lms.example", "name": "28400 é"}}
COURSE = {"id": "https://lms.example/course", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}}
USUAL: dict[str, Any] = {
    "verb": {"id": "https://w3id.org/xapi/video/verbs/paused", "display": {"en-US": "paused"}},
    "id": "9DC99B37-e920-4a68-a066-917faca28949",
    "actor": AGENT,
    "object": {"id": "https://videos.example/1", "definition": {"name": {"en": "Film"}}},
    "timestamp": "2026-03-02T09:30:00.5+01:00",
    "context": {
        "registration": "0f4b5f0e-7c0a-4c62-9d26-6c2a7e4f1b11",
        "contextActivities": {"parent": COURSE, "category": [{"id": "https://w3id.org/xapi/video"}]},
        "extensions": {f"{VIDEO}/length": 300, f"{VIDEO}/completion-threshold": 0.9},
    },
    "result": {"extensions": {f"{VIDEO}/time": 12.5, f"{VIDEO}/played-segments": "0[.]12.5[,]20"}},
    "stored": "2026-03-02T09:30:01Z",
    "authority": {"mbox": "mailto:lms@school.example"},
    "version": "1.0.3",
}
NEEDED = ("id", "actor", "verb", "object", "timestamp")

OTHERS: dict[str, list[Any]] = {
    "id": ["9dc99b37", None, 7, "９dc99b37-e920-4a68-a066-917faca28949", "\ud800"],
    "actor": [{}, "Ada", {"objectType": "Group", "member": [AGENT]}, {**AGENT, "mbox": "mailto:a@b.example"}],
    "verb": [
        *({"id": VOIDED}, {"id": "paused"}, {"id": "http://adlnet.gov/expapi/verbs/scored", "display": {"??": ""}}),
        *({"id": f"http://adlnet.gov/expapi/verbs/{name}"} for name in ("scored", "passed", "completed", "asked")),
    ],
    "object": [
        AGENT | {"objectType": "Agent"},
        {"objectType": "StatementRef", "id": USUAL["id"]},
        {name: USUAL[name] for name in NEEDED if name != "id"} | {"objectType": "SubStatement"},
        {"id": "https://videos.example/1", "definition": {"colour": "blue"}},
    ],
    "timestamp": ["2026-02-30T09:30:00Z", "1926-03-02T09:30:00Z", "yesterday", 5, "2026-03-02T09:30:00-00:00"],
    "context": [
        *({}, None, [], {"registration": "x"}, {"platform": "LMS", "extensions": {"colour": 1}}),
        *({"contextActivities": {"parent": [COURSE, COURSE]}}, {"extensions": {f"{VIDEO}/length": -1}}),
    ],
    "result": [
        *({"score": score} for score in ({"scaled": 0.57}, {"raw": 3}, {"raw": 3, "max": 4}, {"raw": 9, "max": 4})),
        *({"extensions": {f"{VIDEO}/played-segments": text}} for text in ("", "5[.]1", "1[.]5[,]", 7)),
        *({"extensions": {f"{VIDEO}/time": at, f"{VIDEO}/completion-threshold": 1.5}} for at in (-1, True, 1 << 70)),
        {"response": "a", "duration": "PT5"},
        {"extensions": {"https://e.example/deep": json.loads("[" * 251 + "]" * 251)}},
    ],
    "stored": ["now", ""],
    "authority": [{"objectType": "Group", "member": [AGENT]}, {}],
    "version": ["2.0", "", 1],
    "attachments": [[]],
    "colour": ["blue"],
}


def said_in_general(text: bytes) -> Incoming | None:
    try:
        return incoming(orjson.loads(text))
    except (orjson.JSONDecodeError, InvalidStatement, Unusable):
        return None


def without_form(found: Incoming) -> tuple[Incoming, Any]:
    """The text is the same whatever the order of its parts."""
    return found._replace(text=""), orjson.loads(found.text)


@st.composite
def statements(draw: st.DrawFn) -> bytes:
    """The usual one with parts left out, put into another order, exchanged for unusual ones, or written wrongly."""
    others = draw(st.lists(st.sampled_from(sorted(OTHERS)), max_size=2, unique=True))
    left_out = draw(st.sets(st.sampled_from(sorted(USUAL)), max_size=3))
    body = {name: USUAL[name] for name in draw(st.permutations(sorted(USUAL))) if name not in left_out}
    body |= {name: draw(st.sampled_from(OTHERS[name])) for name in others}
    text = json.dumps(body, indent=draw(st.sampled_from([None, 1])), ensure_ascii=draw(st.booleans()))
    written = text.encode(errors="surrogatepass")
    place = draw(st.one_of(st.none(), st.integers(0, len(written) - 1)))
    if place is None:
        return written
    return written[:place] + draw(st.binary(max_size=2)) + written[place + draw(st.integers(0, 2)) :]


@given(statements())
def test_quick_way_gives_what_the_general_one_gives(text: bytes) -> None:
    assert_no_other_result(text)


@pytest.mark.parametrize("left_out", [None, *(name for name in USUAL if name not in NEEDED)])
def test_usual_statement_goes_the_quick_way(left_out: str | None) -> None:
    body = {name: USUAL[name] for name in USUAL if name != left_out}
    general = said_in_general(orjson.dumps(body))
    for text in (orjson.dumps(body), json.dumps(body, indent=2).encode()):
        found = incoming_quickly(text)
        assert found is not None
        assert general is not None
        assert without_form(found) == without_form(general)


@pytest.mark.parametrize("needed", NEEDED)
def test_statement_without_what_is_needed_is_left_to_the_general_way(needed: str) -> None:
    assert incoming_quickly(orjson.dumps({name: USUAL[name] for name in USUAL if name != needed})) is None


def assert_no_other_result(text: bytes) -> None:
    found, general = incoming_quickly(text), said_in_general(text)
    assert found is None or (general is not None and without_form(found) == without_form(general))


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_every_unusual_part_gives_the_same(name: str) -> None:
    for value in OTHERS[name]:
        assert_no_other_result(json.dumps({**USUAL, name: value}).encode())
        alone = {given: USUAL[given] for given in NEEDED} | {name: value}
        assert_no_other_result(json.dumps(alone).encode())


@pytest.mark.parametrize("depth", [*range(240, 260), 900])
def test_what_is_nested_too_deep_to_be_kept_is_not_kept_by_the_quick_way(depth: int) -> None:
    extensions = {"https://e.example/deep": json.loads("[" * depth + "]" * depth)}
    activity = {"id": "https://videos.example/1", "definition": {"extensions": extensions}}
    for part in (
        {"object": activity},
        {"result": {"extensions": extensions}},
        {"context": {"extensions": extensions}},
        *({"context": {"contextActivities": {"parent": parents}}} for parents in (activity, [activity])),
    ):
        assert_no_other_result(json.dumps({**USUAL, **part}).encode())
