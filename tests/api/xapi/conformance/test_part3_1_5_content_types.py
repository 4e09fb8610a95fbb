"""Part three, 1.5 content types: statements as JSON, and as multipart/mixed with the data of their attachments."""

import json
from typing import Any

import httpx
import pytest

from tests.api.xapi.attaching import BOUNDARY, MULTIPART, TEXT, attachment, body, part, parts_of, send
from tests.api.xapi.conformance.parts import STATEMENTS, said

FILE_URL = {"fileUrl": "https://files.example/essay.txt"}


def with_text(**more: Any) -> dict[str, Any]:
    return said(attachments=[attachment(**more)])


def refused(lrs: httpx.Client, answer: httpx.Response, statement: dict[str, Any]) -> bool:
    missing = lrs.get(STATEMENTS, params={"statementId": statement["id"]}).status_code == 404
    return answer.status_code == 400 and missing


def given(lrs: httpx.Client, statement: dict[str, Any], **more: str) -> httpx.Response:
    return lrs.get(STATEMENTS, params={"statementId": statement["id"], "attachments": "true", **more})


def test_1_5_1_s1_b1_and_b2_json_takes_statements_whose_attachments_stand_elsewhere(lrs: httpx.Client) -> None:
    assert lrs.post(STATEMENTS, json=[said(), with_text(**FILE_URL)]).status_code == 200


def test_xapi_00129_json_takes_no_attachment_that_stands_nowhere(lrs: httpx.Client) -> None:
    both = said(attachments=[attachment(**FILE_URL), attachment()])
    assert refused(lrs, lrs.post(STATEMENTS, json=both), both)


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=b", "application/octet-stream"])
def test_xapi_00127_statements_are_json_or_multipart_mixed(lrs: httpx.Client, kind: str) -> None:
    for method in ("POST", "PUT"):
        sent = said()
        parameters = {"statementId": sent["id"]} if method == "PUT" else {}
        headers = {"Content-Type": kind}
        answer = lrs.request(method, STATEMENTS, params=parameters, content=json.dumps(sent), headers=headers)
        assert refused(lrs, answer, sent)


def test_1_5_2_s3_b4_multipart_takes_attachments_with_post_and_put(lrs: httpx.Client) -> None:
    posted, put = with_text(), with_text()
    assert send(lrs, [posted, said()], part()).status_code == 200
    parameters = {"statementId": put["id"]}
    answer = lrs.put(STATEMENTS, params=parameters, content=body(put, part()), headers=MULTIPART)
    assert answer.status_code == 204
    for sent in (posted, put):
        assert parts_of(given(lrs, sent))[1].content == TEXT


def test_1_5_2_s2_b2_b5_one_copy_of_the_data_is_enough_for_several_statements(lrs: httpx.Client) -> None:
    sent = [with_text(), with_text()]
    assert send(lrs, sent, part()).status_code == 200
    assert [parts_of(given(lrs, each))[1].content for each in sent] == [TEXT, TEXT]


def test_1_5_2_s3_b8_and_b9_multipart_takes_statements_without_data_too(lrs: httpx.Client) -> None:
    assert send(lrs, said()).status_code == 200
    assert send(lrs, with_text(**FILE_URL)).status_code == 200


def test_1_5_2_s3_b5_multipart_without_the_data_is_refused(lrs: httpx.Client) -> None:
    sent = with_text()
    assert refused(lrs, send(lrs, sent), sent)
    assert refused(lrs, send(lrs, sent, part(b"other data")), sent)


def test_xapi_00128_data_that_belongs_to_no_statement_is_refused(lrs: httpx.Client) -> None:
    sent = with_text()
    assert refused(lrs, send(lrs, sent, part(), part(b"more data")), sent)
    without = said()
    assert refused(lrs, send(lrs, without, part()), without)


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/mixed;", "multipart/mixed; boundary=other"])
def test_xapi_00131_the_boundary_is_named_in_the_header(lrs: httpx.Client, kind: str) -> None:
    sent = with_text()
    answer = lrs.post(STATEMENTS, content=body(sent, part()), headers={"Content-Type": kind})
    assert refused(lrs, answer, sent)


def test_xapi_00130_the_boundary_stands_before_each_part_and_at_the_end(lrs: httpx.Client) -> None:
    sent = with_text()
    whole, boundary = body(sent, part()), f"--{BOUNDARY}".encode()
    for broken in (
        whole.replace(boundary, b""),
        whole.replace(b"\r\n" + boundary + b"\r\n", b"\r\n"),
        whole.removesuffix(b"--\r\n"),
        b"",
        boundary + b"--\r\n",
    ):
        answer = lrs.post(STATEMENTS, content=broken, headers=MULTIPART)
        assert refused(lrs, answer, sent)


def test_xapi_00132_data_stands_under_its_own_hash(lrs: httpx.Client) -> None:
    sent = with_text()
    other = {"X-Experience-API-Hash": attachment(b"other")["sha2"]}
    for wrong in (part(**{"X-Experience-API-Hash": ""}), part(**other), part()._replace(content=b"changed")):
        assert refused(lrs, send(lrs, sent, wrong), sent)


def test_xapi_00133_all_statements_stand_in_the_first_part(lrs: httpx.Client) -> None:
    first, second = with_text(), with_text()
    as_part = part(json.dumps(second).encode(), **{"Content-Type": "application/json", "X-Experience-API-Hash": ""})
    assert refused(lrs, send(lrs, first, as_part, part()), first)


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/mixed"])
def test_xapi_00134_the_first_part_is_json(lrs: httpx.Client, kind: str) -> None:
    sent = with_text()
    assert refused(lrs, send(lrs, sent, part(), first_type=kind), sent)


@pytest.mark.parametrize("encoding", ["", "base64", "7bit"])
def test_xapi_00135_data_is_sent_as_binary(lrs: httpx.Client, encoding: str) -> None:
    sent = with_text()
    assert refused(lrs, send(lrs, sent, part(**{"Content-Transfer-Encoding": encoding})), sent)


def test_1_5_2_s2_b2_b7_what_header_and_statement_both_say_has_to_be_the_same(lrs: httpx.Client) -> None:
    sent = with_text()
    for wrong in (part(**{"Content-Type": "image/png"}), part(**{"Content-Length": "5"})):
        assert refused(lrs, send(lrs, sent, wrong), sent)
    assert send(lrs, sent, part(**{"Content-Length": str(len(TEXT))})).status_code == 200


@pytest.mark.parametrize(
    "content", [b"", b"\r\n", bytes(range(256)) * 9, b"--not-the-boundary\r\n\r\n--", b"x\r", b"\n"]
)
def test_1_5_2_s2_b2_b2_data_comes_back_byte_by_byte(lrs: httpx.Client, content: bytes) -> None:
    sent = said(attachments=[attachment(content, contentType="application/x-bytes")])
    assert send(lrs, sent, part(content, **{"Content-Type": "application/x-bytes"})).status_code == 200
    answer = given(lrs, sent)
    boundary = answer.headers["content-type"].rpartition("boundary=")[2].encode()
    raw = answer.content.split(b"--" + boundary)[2]
    assert raw.partition(b"\r\n\r\n")[2] == content + b"\r\n"


def test_1_5_2_line_feeds_alone_end_lines_too(lrs: httpx.Client) -> None:
    sent = with_text()
    assert send(lrs, sent, part(), end=b"\n").status_code == 200


def test_xapi_00167_and_1_5_2_s3_b1_attachments_are_given_as_multipart(lrs: httpx.Client) -> None:
    plain = attachment(contentType="text/plain")
    sent = said(attachments=[plain, attachment(b"second", contentType="image/png")])
    assert send(lrs, sent, part(), part(b"second", **{"Content-Type": "image/png"})).status_code == 200
    first, *data = parts_of(given(lrs, sent))
    assert first.headers == {"content-type": "application/json"}
    assert json.loads(first.content)["attachments"] == sent["attachments"]
    assert [(each.headers, each.content) for each in data] == [
        (
            {
                "content-type": described["contentType"],
                "content-transfer-encoding": "binary",
                "x-experience-api-hash": described["sha2"],
            },
            content,
        )
        for described, content in zip(sent["attachments"], (TEXT, b"second"), strict=True)
    ]


def test_xapi_00167_a_list_is_multipart_also_where_nothing_is_attached(lrs: httpx.Client) -> None:
    answer = lrs.get(STATEMENTS, params={"attachments": "true", "limit": 1, "verb": "https://verbs.example/none"})
    (only,) = parts_of(answer)
    assert json.loads(only.content) == {"statements": [], "more": ""}


def test_xapi_00167_further_pages_bring_their_attachments_along(lrs: httpx.Client) -> None:
    verb = "https://verbs.example/paged-with-attachments"
    sent = [said(verb=verb, attachments=[attachment(bytes([number]))]) for number in range(3)]
    assert send(lrs, sent, *(part(bytes([number])) for number in range(3))).status_code == 200
    address, found = f"{STATEMENTS}?verb={verb}&attachments=true&limit=2", list[bytes]()
    while address:
        first, *data = parts_of(lrs.get(address))
        found, address = [*found, *(each.content for each in data)], json.loads(first.content)["more"]
    assert found == [b"\x02", b"\x01", b"\x00"]


@pytest.mark.parametrize("parameters", [{}, {"attachments": "false"}])
def test_xapi_00161_without_attachments_the_answer_is_json(lrs: httpx.Client, parameters: dict[str, str]) -> None:
    sent = with_text()
    send(lrs, sent, part())
    answer = lrs.get(STATEMENTS, params={"statementId": sent["id"], **parameters})
    assert answer.headers["content-type"] == "application/json"
    assert TEXT not in answer.content


def test_xapi_00125_head_is_answered_for_attachments_too(lrs: httpx.Client) -> None:
    sent = with_text()
    send(lrs, sent, part())
    answer = lrs.head(STATEMENTS, params={"statementId": sent["id"], "attachments": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("multipart/mixed; boundary=")
