"""Whatever is taken in can be read back in every format, whole and without what its reader may not see."""

import json
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.viewer import Viewer
from progress.xapi.record.withholding import Visible
from progress.xapi.statement.formats import Format, exact, in_format
from progress.xapi.statement.incoming import incoming

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOBODY = Visible(Viewer(7, "Ada", frozenset({"student"}), frozenset({7})), frozenset(), frozenset())

AGENTS = st.sampled_from(
    [
        {"mbox": "mailto:tea@school.example", "name": "Tea"},
        {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "tea"}},
        {"openid": "https://tea.example/"},
        {"mbox_sha1sum": "0" * 40},
    ]
)
GROUPS = st.lists(AGENTS, min_size=1, max_size=2).map(lambda members: {"objectType": "Group", "member": members})
NAMED_GROUPS = st.tuples(AGENTS, st.lists(AGENTS, max_size=1)).map(
    lambda parts: {**parts[0], "objectType": "Group", "member": parts[1]}
)
PEOPLE = AGENTS | GROUPS | NAMED_GROUPS
ACTIVITIES = st.sampled_from(
    [
        {"id": "https://a.example/1"},
        {"objectType": "Activity", "id": "https://a.example/2", "definition": {"name": {}, "description": {"en": "x"}}},
        {"id": "https://a.example/3", "definition": {"extensions": {"https://e.example/tea": {"mbox": 5}}}},
    ]
)
REFERENCES = st.just({"objectType": "StatementRef", "id": str(uuid4())})
EXTENSIONS = st.dictionaries(
    st.just("https://e.example/x"),
    st.recursive(st.none() | st.booleans() | PEOPLE, lambda inner: st.lists(inner, max_size=2), max_leaves=4),
)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "instructor": PEOPLE,
        "team": GROUPS | NAMED_GROUPS,
        "statement": REFERENCES,
        "extensions": EXTENSIONS,
        "contextActivities": st.dictionaries(
            st.sampled_from(["parent", "grouping", "category", "other"]), ACTIVITIES | st.lists(ACTIVITIES, max_size=2)
        ),
    },
)
VERBS = st.sampled_from([{"id": "http://adlnet.gov/expapi/verbs/shared", "display": {"en": "shared", "de": "teilte"}}])


def saying(objects: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"actor": PEOPLE, "verb": VERBS, "object": objects},
        optional={"context": CONTEXTS, "result": st.fixed_dictionaries({"extensions": EXTENSIONS})},
    )


OBJECTS = ACTIVITIES | PEOPLE.filter(lambda person: "objectType" in person) | REFERENCES
STATEMENTS = saying(OBJECTS | saying(OBJECTS).map(lambda inner: {"objectType": "SubStatement", **inner}))


@given(STATEMENTS)
def test_what_is_taken_in_can_be_read_back_in_every_format(sent: dict[str, Any]) -> None:
    kept = incoming({**sent, "id": str(uuid4())}).text
    whole = exact(kept, NOW, 3)
    for statement in (whole, NOBODY.of(whole)):
        for form in get_args(Format):
            given_out = in_format(statement, form, ["de"])
            assert {"actor", "verb", "object", "stored", "authority"} <= given_out.keys()
            orjson.dumps(given_out)


@given(STATEMENTS)
def test_nobody_but_whom_it_is_about_is_left_to_who_may_see_nobody(sent: dict[str, Any]) -> None:
    seen = NOBODY.of(exact(incoming({**sent, "id": str(uuid4())}).text, NOW, 3))
    text = json.dumps({name: part for name, part in seen.items() if name != "actor"})
    assert [name for name in ("tea@", '"tea"', "tea.example", "0" * 40, '"Tea"') if name in text] == []
    assert not json.dumps(seen["actor"].get("member", [])).strip("[]")
    incoming({name: part for name, part in seen.items() if name != "authority"})  # and still is a statement


@pytest.mark.parametrize("relations", [{"parent": {"id": "https://a.example/1"}}, {"parent": []}])
def test_a_single_activity_within_a_statement_within_is_kept_as_a_list(relations: dict[str, Any]) -> None:
    inner = {"actor": {"mbox": "mailto:a@b.example"}, "verb": {"id": "https://v.example/"}}
    inner |= {"object": {"id": "https://a.example/1"}, "context": {"contextActivities": relations}}
    sent = {**inner, "object": {"objectType": "SubStatement", **inner}, "id": str(uuid4())}
    kept = orjson.loads(incoming(sent).text)["object"]["context"]["contextActivities"]
    assert kept == {name: each if isinstance(each, list) else [each] for name, each in relations.items()}
