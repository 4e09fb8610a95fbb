"""Attachments are given to those who see their statement, and to nobody who only knows their hash."""

import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from data.models import XapiAttachment
from data.record import Record
from progress.xapi.statement.attachments import SIGNATURE
from tests.api.v1.test_events import check_problem
from tests.api.xapi.attaching import MULTIPART, attachment, body, part, parts_of, send
from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import actor, statement

PATH = "/xapi/statements"
WROTE = "https://verbs.example/wrote"
ESSAY = b"Ada's own essay"


def essay_of(name: str, content: bytes = ESSAY, **more: Any) -> dict[str, Any]:
    return statement(name, WROTE, attachments=[attachment(content, **more)])


def given(program: Program, reader: str, sent: dict[str, Any]) -> list[bytes]:
    """The data that a reader is given with a statement; nothing where there is no such statement for them."""
    answer = program(reader).get(PATH, params={"statementId": sent["id"], "attachments": "true"})
    if answer.status_code == 404:
        return []
    return [each.content for each in parts_of(answer)[1:]]


@pytest.fixture(scope="module")
def essay(program: Program) -> dict[str, Any]:
    """Sent by Ada's own program."""
    sent = essay_of("ada")
    assert send(program("ada"), sent, part(ESSAY)).status_code == 200
    return sent


def test_who_sees_the_learner_reads_what_she_wrote(program: Program, essay: dict[str, Any]) -> None:
    assert [given(program, name, essay) for name in ("ada", "mother", "turing", "head")] == [[ESSAY]] * 4


@pytest.mark.parametrize("stranger", ["ben", "zoe", "idle", "childless", "nobody", "tutor"])
def test_who_does_not_see_her_is_given_nothing(program: Program, essay: dict[str, Any], stranger: str) -> None:
    assert given(program, stranger, essay) == []
    listed = program(stranger).get(PATH, params={"attachments": "true", "verb": WROTE})
    assert ESSAY not in listed.content


def test_knowing_the_hash_gives_nobody_the_data(program: Program, essay: dict[str, Any]) -> None:
    copied = essay_of("ben", fileUrl="https://files.example/none")
    assert program("ben").post(PATH, json=copied).status_code == 200
    assert given(program, "ben", copied) == given(program, "head", copied) == []
    check_problem(send(program("ben"), essay_of("ben")), 400)


def test_the_same_data_is_kept_once(program: Program, essay: dict[str, Any], served_record: Record) -> None:
    again = essay_of("ben")
    assert send(program("ben"), again, part(ESSAY)).status_code == 200
    assert given(program, "ben", again) == [ESSAY]
    same = select(func.count()).where(XapiAttachment.sha2 == again["attachments"][0]["sha2"])
    with served_record.reading() as connection:
        assert connection.execute(same).scalar_one() == 1


def test_a_statement_sent_again_changes_nothing_of_its_attachments(program: Program, essay: dict[str, Any]) -> None:
    sent = essay_of("ada", b"later", fileUrl="https://files.example/later")
    assert program("ada").post(PATH, json=sent).status_code == 200
    assert send(program("ada"), sent, part(b"later")).status_code == 200
    assert given(program, "ada", sent) == []


def test_a_signature_is_given_to_nobody_from_whom_a_part_of_the_statement_is_withheld(program: Program) -> None:
    text = attachment(b"essay")
    signed = statement("ada", WROTE, context={"instructor": actor("turing")}, attachments=[text])
    key = RSAKey.generate_key(2048)
    signature = jws.serialize_compact({"alg": "RS256"}, json.dumps(signed), key).encode()
    bytes_type = "application/octet-stream"
    described = attachment(signature, usageType=SIGNATURE, contentType=bytes_type)
    sent = {**signed, "attachments": [described, text]}
    parts = (part(signature, **{"Content-Type": bytes_type}), part(b"essay"))
    assert send(program("head"), sent, *parts).status_code == 200
    for reader, found in (("head", [signature, b"essay"]), ("turing", [signature, b"essay"]), ("ada", [b"essay"])):
        assert given(program, reader, sent) == found


def test_bodies_with_attachments_may_be_larger_than_others_and_are_bounded_too(program: Program) -> None:
    large = b"x" * 5_000_000
    sent = essay_of("ada", large)
    assert send(program("ada"), sent, part(large)).status_code == 200
    assert given(program, "ada", sent) == [large]
    too_large = b"x" * 16_000_001
    check_problem(send(program("ada"), essay_of("ada", too_large), part(too_large)), 413)
    statements = statement("ada", WROTE, result={"response": "x" * 4_000_000})
    check_problem(program("ada").post(PATH, content=body(statements), headers=MULTIPART), 413)
