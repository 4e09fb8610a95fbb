"""Part three, 1.3 alternate request syntax: any request as a form that is POSTed."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.api.xapi.conformance.parts import STATEMENTS, agent, said

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(client: httpx.Client, method: str, **form: str) -> httpx.Response:
    return client.post(STATEMENTS, params={"method": method}, data=form)


def content(statement: dict[str, Any]) -> dict[str, str]:
    return {"content": json.dumps(statement), "Content-Type": "application/json"}


@pytest.fixture
def bare(running_app: str) -> Any:
    """A browser that can set no headers."""
    with httpx.Client(base_url=running_app) as browser:
        yield browser


def headers_of(lrs: httpx.Client) -> dict[str, str]:
    return {name: lrs.headers[name] for name in ("Authorization", "X-Experience-API-Version")}


def test_xapi_00336_put_as_a_form_stores_the_statement(lrs: httpx.Client) -> None:
    sent = said(agent("form"))
    assert ask(lrs, "PUT", statementId=sent["id"], **content(sent)).status_code == 204
    assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}).json()["actor"] == sent["actor"]


def test_xapi_00336_post_as_a_form_stores_statements(lrs: httpx.Client) -> None:
    sent = said(agent("form"))
    assert ask(lrs, "POST", **content(sent)).json() == [sent["id"]]


def test_xapi_00148_get_as_a_form_finds_statements(lrs: httpx.Client) -> None:
    sent = said(agent("asked-by-form"))
    lrs.post(STATEMENTS, json=sent)
    answer = ask(lrs, "GET", agent=json.dumps(sent["actor"]), limit="1")
    assert [each["id"] for each in answer.json()["statements"]] == [sent["id"]]


def test_1_3_s3_b7_fields_with_names_of_headers_are_headers(lrs: httpx.Client, bare: httpx.Client) -> None:
    sent = said(agent("without-headers"))
    answer = ask(bare, "PUT", statementId=sent["id"], **content(sent), **headers_of(lrs))
    assert answer.status_code == 204
    assert ask(bare, "GET", statementId=sent["id"]).status_code == 401
    assert ask(bare, "GET", **{**headers_of(lrs), "X-Experience-API-Version": "0.9"}).status_code == 400


def test_1_3_s3_b5_content_is_utf_8(lrs: httpx.Client) -> None:
    sent = said(agent("umlaut"), verb="https://verbs.example/fragte-nach-bäumen")
    assert ask(lrs, "PUT", statementId=sent["id"], **content(sent), **{"Content-Length": "1"}).status_code == 204
    assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}).json()["verb"]["id"] == sent["verb"]["id"]


def test_1_3_s3_b1_only_post_is_the_form_of_other_requests(lrs: httpx.Client) -> None:
    assert lrs.get(STATEMENTS, params={"method": "PUT"}).status_code == 400
    assert lrs.put(STATEMENTS, params={"method": "POST"}, data={"limit": "1"}).status_code == 400


def test_1_3_s3_b3_no_other_parameter_stands_in_the_address(lrs: httpx.Client) -> None:
    sent = said(agent("twice"))
    parameters = {"method": "PUT", "statementId": sent["id"]}
    assert lrs.post(STATEMENTS, params=parameters, data=content(sent)).status_code == 400


def test_1_3_s3_b4_content_stands_in_the_field_content(lrs: httpx.Client) -> None:
    sent = said(agent("no-content"))
    assert ask(lrs, "PUT", statementId=sent["id"]).status_code == 400
    assert ask(lrs, "GET", content="{}").status_code == 400
    whole = json.dumps({"statementId": sent["id"], **content(sent)})
    assert lrs.post(STATEMENTS, params={"method": "PUT"}, content=whole, headers=FORM).status_code == 400


def test_1_3_s3_b14_other_fields_are_parameters_and_judged_as_such(lrs: httpx.Client) -> None:
    assert ask(lrs, "GET", colour="blue").status_code == 400
    assert ask(lrs, "GET", limit="many").status_code == 400


@pytest.mark.parametrize("form", ["limit=1&limit=2", "limit=%ff", "limit"])
def test_1_3_forms_that_can_be_read_in_two_ways_are_refused(lrs: httpx.Client, form: str) -> None:
    assert lrs.post(STATEMENTS, params={"method": "GET"}, content=form, headers=FORM).status_code == 400


def test_1_3_s3_b2_the_method_is_one_that_the_resource_knows(lrs: httpx.Client) -> None:
    assert ask(lrs, "PATCH").status_code == 400
    assert ask(lrs, "DELETE", limit="1").status_code == 405


def test_3_2_s3_b6_a_form_without_a_method_is_refused(lrs: httpx.Client) -> None:
    answer = lrs.post(STATEMENTS, content=urlencode({"limit": "1"}), headers=FORM)
    assert answer.status_code == 400
