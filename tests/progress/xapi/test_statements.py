"""What the specification allows and forbids, one rule after the other."""

from typing import Any

import pytest

from progress.xapi.statement.incoming import incoming, says_the_same
from progress.xapi.statement.meaning import told_by
from progress.xapi.statement.statements import statement_of
from progress.xapi.statement.values import InvalidStatement

UUID = "0f4b5f0e-7c0a-4c62-9d26-6c2a7e4f1b11"
AGENT = {"mbox": "mailto:ada@school.example"}
GOOD: dict[str, Any] = {
    "id": UUID,
    "actor": AGENT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://videos.example/film"},
}
MEMBER = {"objectType": "Group", "member": [AGENT]}
ATTACHMENT = {
    "usageType": "https://example.org/usage",
    "display": {"en": "A file"},
    "contentType": "text/plain",
    "length": 3,
    "sha2": "abababababababababababababababababababababababababababababababab",
    "fileUrl": "https://example.org/file",
}


def activity(**definition: Any) -> dict[str, Any]:
    return {"object": {"id": "https://videos.example/film", "definition": definition}}


@pytest.mark.parametrize(
    "part",
    [
        {"actor": {"objectType": "Agent", "mbox_sha1sum": "a" * 40, "name": "Ada"}},
        {"actor": {"openid": "https://ada.example"}},
        {"actor": {"account": {"homePage": "https://lms.example", "name": "1"}}},
        {"actor": MEMBER},
        {"actor": {"objectType": "Group", "mbox": "mailto:class@school.example", "member": []}},
        {"verb": {"id": "https://v.example/x", "display": {"en-GB": "did", "zh-Hans-CN": "…"}}},
        {"object": {"objectType": "Agent", **AGENT}},
        {"object": {"objectType": "StatementRef", "id": UUID}},
        {"object": {"objectType": "SubStatement", "actor": AGENT, "verb": GOOD["verb"], "object": GOOD["object"]}},
        activity(
            interactionType="choice", choices=[{"id": "a", "description": {"en": "A"}}], correctResponsesPattern=["a"]
        ),
        activity(extensions={"https://e.example/x": None}, moreInfo="https://e.example/info"),
        {"result": {"score": {"scaled": -1, "raw": 0, "min": 0, "max": 10}, "success": False, "duration": "PT1H0.5S"}},
        {"result": {"duration": "P3W"}},
        {"context": {"registration": UUID, "team": MEMBER, "language": "en-GB", "platform": "LMS", "revision": "2"}},
        {"context": {"contextActivities": {"parent": {"id": "https://c.example/1"}, "other": []}}},
        {"timestamp": "2026-03-02T09:30:00.1234567+01:00"},
        {"timestamp": "2026-03-02T09:30Z", "stored": "2026-03-02T09:30:00", "version": "1.0.9"},
        {"authority": {"objectType": "Group", "member": [AGENT, {"openid": "https://o.example"}]}},
        {"attachments": [ATTACHMENT]},
    ],
)
def test_statement_that_the_specification_allows_is_taken(part: dict[str, Any]) -> None:
    assert statement_of({**GOOD, **part}).id == UUID


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"actor": {}}, "actor"),
        ({"actor": None}, "actor"),
        ({"actor": {**AGENT, "openid": "https://ada.example"}}, "actor"),
        ({"actor": {"mbox": "ada@school.example"}}, "actor.mbox"),
        ({"actor": {"mbox_sha1sum": "a"}}, "actor.mbox_sha1sum"),
        ({"actor": {"openid": "ada"}}, "actor.openid"),
        ({"actor": {"account": {"homePage": "lms", "name": "1"}}}, "actor.account.homePage"),
        ({"actor": {"account": {"homePage": "https://lms.example"}}}, "actor.account.name"),
        ({"actor": {"account": {"homePage": "https://lms.example", "name": "a\x00"}}}, "actor.account.name"),
        ({"actor": {**AGENT, "age": 9}}, "actor.age"),
        ({"actor": {**AGENT, "name": 1}}, "actor.name"),
        ({"actor": {**AGENT, "objectType": "agent"}}, "actor.objectType"),
        ({"actor": {"objectType": "Group"}}, "actor"),
        ({"actor": {"objectType": "Group", "member": [MEMBER]}}, "actor.member.0"),
        ({"verb": {"id": "completed"}}, "verb.id"),
        ({"verb": {}}, "verb.id"),
        ({"verb": {**GOOD["verb"], "display": {"not a language": "x"}}}, "verb.display"),
        ({"verb": {**GOOD["verb"], "display": {"en": None}}}, "verb.display.en"),
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}, "object"),
        ({"object": {"id": "film"}}, "object.id"),
        ({"object": {"objectType": "Film", "id": "https://v.example"}}, "object.objectType"),
        ({"object": {"objectType": "StatementRef", "id": "1"}}, "object.id"),
        (activity(interactionType="guess"), "object.definition.interactionType"),
        (activity(interactionType="numeric", choices=[]), "object.definition.choices"),
        (activity(interactionType="choice", choices=[{"id": "a"}, {"id": "a"}]), "object.definition.choices.1.id"),
        (activity(correctResponsesPattern=["a"]), "object.definition"),
        (activity(extensions={"key": 1}), "object.definition.extensions"),
        ({"object": {"objectType": "SubStatement", **GOOD}}, "object.id"),
        (
            {"object": {"objectType": "SubStatement", **GOOD, "object": {"objectType": "SubStatement"}}},
            "object.id",
        ),
        ({"result": {"score": {"scaled": 1.01}}}, "result.score.scaled"),
        ({"result": {"score": {"raw": 11, "max": 10}}}, "result.score.raw"),
        ({"result": {"score": {"min": 10, "max": 10}}}, "result.score"),
        ({"result": {"score": {"raw": True}}}, "result.score.raw"),
        ({"result": {"score": None}}, "result.score"),
        ({"result": {"success": "yes"}}, "result.success"),
        ({"result": {"completion": 1}}, "result.completion"),
        ({"result": {"duration": "1h"}}, "result.duration"),
        ({"result": {"duration": "P"}}, "result.duration"),
        ({"result": {"duration": "PT"}}, "result.duration"),
        ({"result": {"progress": 1}}, "result.progress"),
        ({"context": {"registration": "1"}}, "context.registration"),
        ({"context": {"team": AGENT}}, "context.team"),
        ({"context": {"contextActivities": {"parents": []}}}, "context.contextActivities.parents"),
        ({"context": {"contextActivities": None}}, "context.contextActivities"),
        ({"context": {"contextActivities": {"parent": [AGENT]}}}, "context.contextActivities.parent.mbox"),
        ({"context": {"statement": {"id": UUID}}}, "context.statement.objectType"),
        ({"context": {"platform": "LMS"}, "object": {"objectType": "Agent", **AGENT}}, "context"),
        ({"context": {"language": "English please"}}, "context.language"),
        ({"timestamp": "2026-02-30T09:30:00Z"}, "timestamp"),
        ({"timestamp": "2026-03-02"}, "timestamp"),
        ({"timestamp": "2026-03-02T09:30:00-00:00"}, "timestamp"),
        ({"timestamp": 1772443800}, "timestamp"),
        ({"version": "2.0.0"}, "version"),
        ({"authority": MEMBER}, "authority"),
        ({"attachments": [{**ATTACHMENT, "length": -1}]}, "attachments.0.length"),
        ({"attachments": [{name: ATTACHMENT[name] for name in ATTACHMENT if name != "usageType"}]}, "attachments.0"),
        ({"id": None}, "id"),
        ({"id": "1"}, "id"),
        ({"score": 1}, "score"),
    ],
)
def test_statement_that_the_specification_forbids_is_refused_and_the_place_is_named(
    part: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidStatement) as refused:
        statement_of({**GOOD, **part})
    assert refused.value.place == place


@pytest.mark.parametrize("missing", ["actor", "verb", "object"])
def test_statement_needs_actor_verb_and_object(missing: str) -> None:
    with pytest.raises(InvalidStatement, match="needs an actor, a verb and an object"):
        statement_of({name: GOOD[name] for name in GOOD if name != missing})


@pytest.mark.parametrize("value", [[], "text", None, 1])
def test_what_is_no_object_is_no_statement(value: Any) -> None:
    with pytest.raises(InvalidStatement):
        statement_of(value)


def test_statement_without_an_id_is_given_one() -> None:
    given = [statement_of({name: GOOD[name] for name in GOOD if name != "id"}).id for _ in range(2)]
    assert len(set(given)) == 2


def test_single_context_activities_become_lists() -> None:
    context = {"contextActivities": {"parent": {"id": "https://c.example/1"}}}
    body = statement_of({**GOOD, "context": context}).body
    assert body["context"]["contextActivities"] == {"parent": [{"id": "https://c.example/1"}]}


def test_statements_are_the_same_whoever_stored_them_and_in_whatever_order_they_say_it() -> None:
    one = incoming({**GOOD, "timestamp": "2026-03-02T09:30:00Z"}).text
    other = {"timestamp": "2026-03-02T09:30:00Z", **GOOD, "id": UUID.upper(), "stored": "2026-03-02T09:31:00Z"}
    assert says_the_same(one, incoming(other).text)
    assert not says_the_same(one, incoming(GOOD).text)


@pytest.mark.parametrize(
    ("actor", "external_id"),
    [
        ({"account": {"homePage": "https://lms.example", "name": "28400"}}, "https://lms.example|28400"),
        (AGENT, "mailto:ada@school.example"),
        ({"mbox_sha1sum": "A" * 40}, "a" * 40),
        ({"openid": "https://ada.example"}, "https://ada.example"),
        (MEMBER, None),
    ],
)
def test_learners_external_id_is_what_identifies_the_actor(actor: dict[str, Any], external_id: str | None) -> None:
    assert statement_of({**GOOD, "actor": actor}).actor.external_id == external_id


def test_group_or_what_is_no_activity_becomes_no_event() -> None:
    for part in ({"actor": MEMBER}, {"object": {"objectType": "Agent", **AGENT}}):
        assert told_by(statement_of({**GOOD, **part})).meant is None
