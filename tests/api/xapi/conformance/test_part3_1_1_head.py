"""Part three, 1.1 HEAD requests: answered as GET, without a body."""

import httpx
import pytest

from tests.api.xapi.conformance.parts import STATEMENTS, agent, said

READING = ["/xapi/statements", "/xapi/about"]


@pytest.mark.parametrize("path", READING)
def test_xapi_00126_head_is_taken_wherever_get_is(lrs: httpx.Client, path: str) -> None:
    assert lrs.head(path).status_code == lrs.get(path).status_code == 200


def test_xapi_00125_head_is_answered_as_get_but_without_a_body(lrs: httpx.Client) -> None:
    sent = said(agent("head"))
    lrs.post(STATEMENTS, json=sent)
    for parameters in ({"statementId": sent["id"]}, {"statementId": "no-uuid"}, {"limit": "1"}, {"colour": "blue"}):
        got, head = (lrs.request(method, STATEMENTS, params=parameters) for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
        assert head.headers.get("last-modified") == got.headers.get("last-modified")
