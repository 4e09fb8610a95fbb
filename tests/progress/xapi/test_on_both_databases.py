"""Filters, attachments and documents do the same on SQLite and PostgreSQL, and keep within their bounds."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from data.record import Record
from data.viewer import Viewer
from progress.people.accounts import add_user
from progress.xapi.documents.contexts import Context
from progress.xapi.documents.keeping import (
    Conditions,
    DocumentExists,
    PreconditionFailed,
    delete_documents,
    document,
    documents,
    merge_document,
    put_document,
)
from progress.xapi.documents.storing import Sent
from progress.xapi.record import attachments
from progress.xapi.record.attachments import TooMuchAttached, with_attachments
from progress.xapi.record.filters import StatementFilter
from progress.xapi.record.finding import find_statements
from progress.xapi.record.receiving import receive
from progress.xapi.statement.actors import agent_of
from progress.xapi.statement.attachments import Data

ACTOR = {"account": {"homePage": "https://lms.example", "name": "ada"}}
ASKED = "https://verbs.example/asked"


@pytest.fixture
def head(record: Record) -> Viewer:
    with record.writing() as tx:
        number = add_user(tx, "Head", username="head", roles=["administrator"])
    return Viewer(number, "Head", frozenset({"administrator"}), frozenset())


@pytest.fixture
def ada(record: Record) -> Viewer:
    with record.writing() as tx:
        number = add_user(tx, "Ada", username="ada", roles=["student"], external_id="https://lms.example|ada")
    return Viewer(number, "Ada", frozenset({"student"}), frozenset({number}))


def said(thing: Any = None, **more: Any) -> dict[str, Any]:
    target = thing or {"id": "https://things.example/one"}
    return {"id": str(uuid4()), "actor": ACTOR, "verb": {"id": ASKED}, "object": target, **more}


def found(viewer: Viewer, **wanted: Any) -> list[str]:
    return [each.statement["id"] for each in find_statements(viewer, StatementFilter(**wanted), 10).statements]


def described(content: bytes) -> dict[str, Any]:
    sha2 = hashlib.sha256(content).hexdigest()
    usage = {"usageType": "https://usages.example/essay", "display": {"en": "Essay"}}
    return {**usage, "contentType": "text/plain", "length": len(content), "sha2": sha2}


def data(content: bytes) -> Data:
    return Data(hashlib.sha256(content).hexdigest(), "text/plain", content)


def test_names_are_found_wherever_they_stand_and_through_what_targets_them(head: Viewer) -> None:
    long = f"https://things.example/{'x' * 3_000}"
    grouping = {"contextActivities": {"grouping": [{"id": long}]}, "instructor": {"mbox": "mailto:t@school.example"}}
    first = said(context=grouping)
    second = said({"objectType": "StatementRef", "id": first["id"]})
    receive(head, [first, second, said()])
    both = [second["id"], first["id"]]
    assert found(head, activity=long, related_activities=True) == both
    assert found(head, agent="mailto:t@school.example", related_agents=True) == both
    assert found(head, activity=long) == []


def test_attachments_are_kept_once_and_given_with_their_statements(head: Viewer) -> None:
    content = bytes(range(256))
    sent = [said(attachments=[described(content)]) for _ in range(2)]
    receive(head, sent, [data(content)])
    page, given = with_attachments(find_statements(head, StatementFilter(), 10))
    assert ([each.content for each in given], len(page.statements)) == ([content], 2)


def test_an_answer_ends_where_its_attachments_get_too_large(head: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES_OF_AN_ANSWER", 250)
    contents = [bytes([number]) * 100 for number in range(3)]
    sent = [said(attachments=[described(content)]) for content in contents]
    receive(head, sent, [data(content) for content in contents])
    wanted = StatementFilter(is_ascending=True)
    page, given = with_attachments(find_statements(head, wanted, 10))
    assert [each.content for each in given] == contents[:2]
    rest, given = with_attachments(find_statements(head, wanted, 10, page.next_after))
    assert ([each.content for each in given], rest.next_after) == (contents[2:], None)


def test_what_a_learner_attaches_is_bounded_and_nothing_of_too_much_is_kept(
    ada: Viewer, head: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES_OF_A_SENDER", 150)
    receive(ada, [said(attachments=[described(b"a" * 100)])], [data(b"a" * 100)])
    with pytest.raises(TooMuchAttached):
        receive(ada, [said(attachments=[described(b"b" * 100)])], [data(b"b" * 100)])
    assert len(found(ada)) == 1
    receive(head, [said(attachments=[described(b"b" * 100)])], [data(b"b" * 100)])


def test_documents_are_written_merged_listed_and_removed(ada: Viewer) -> None:
    state = Context("state", "https://things.example/one", agent_of(ACTOR, ""))
    put_document(ada, state, "bookmark", Sent("application/json", b'{"a": 1}'), Conditions())
    merge_document(ada, state, "bookmark", Sent("application/json", b'{"b": 2}'), Conditions())
    kept = document(ada, state, "bookmark")
    assert kept is not None
    assert (kept.content, kept.etag) == (b'{"a":1,"b":2}', hashlib.sha1(b'{"a":1,"b":2}').hexdigest())
    assert documents(ada, state, None).names == ["bookmark"]
    assert documents(ada, state, kept.updated_at).names == []
    with pytest.raises(PreconditionFailed):
        put_document(ada, state, "bookmark", Sent("text/plain", b""), Conditions(if_match=frozenset({"other"})))
    delete_documents(ada, state, None)
    assert document(ada, state, "bookmark") is None


def test_a_profile_is_not_replaced_without_its_etag(head: Viewer) -> None:
    profile = Context("activity_profile", "https://things.example/one")
    put_document(head, profile, "chapters", Sent("text/plain", b"\x00\xff"), Conditions())
    with pytest.raises(DocumentExists):
        put_document(head, profile, "chapters", Sent("text/plain", b""), Conditions())
    kept = document(head, profile, "chapters")
    assert kept is not None
    assert kept.content == b"\x00\xff"
