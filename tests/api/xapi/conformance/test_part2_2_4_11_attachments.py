"""Part two, 2.4.11 attachments: how statements describe them."""

from typing import Any

import httpx
import pytest

from tests.api.xapi.attaching import attachment, part, send
from tests.api.xapi.conformance.parts import STATEMENTS, SUB_STATEMENT, said

FILE = {"fileUrl": "https://files.example/essay.txt"}


def status(lrs: httpx.Client, **more: Any) -> int:
    return lrs.post(STATEMENTS, json=said(attachments=[attachment(**FILE | more)])).status_code


@pytest.mark.parametrize("name", ["length", "sha2", "contentType", "display", "usageType"])
def test_xapi_00102_to_00107_what_an_attachment_needs(lrs: httpx.Client, name: str) -> None:
    described = attachment(**FILE)
    del described[name]
    assert lrs.post(STATEMENTS, json=said(attachments=[described])).status_code == 400


@pytest.mark.parametrize("length", ["27", 27.5, -1, True, None, {}])
def test_xapi_00102_length_is_a_number_of_bytes(lrs: httpx.Client, length: Any) -> None:
    assert (status(lrs, length=length), status(lrs, length=0)) == (400, 200)


@pytest.mark.parametrize("sha2", ["", "abc", "g" * 64, 7, None])
def test_xapi_00103_sha2_is_a_hash(lrs: httpx.Client, sha2: Any) -> None:
    assert (status(lrs, sha2=sha2), status(lrs, sha2="AB" * 48)) == (400, 200)


@pytest.mark.parametrize("file_url", ["essay.txt", 7, None])
def test_xapi_00104_file_url_is_an_address(lrs: httpx.Client, file_url: Any) -> None:
    assert status(lrs, fileUrl=file_url) == 400


@pytest.mark.parametrize("content_type", ["text", "/plain", 7, None])
def test_xapi_00105_content_type_is_a_media_type(lrs: httpx.Client, content_type: Any) -> None:
    assert status(lrs, contentType=content_type) == 400


@pytest.mark.parametrize("texts", ["An essay", {"en": 7}, {"no language!": "x"}, None])
def test_xapi_00106_display_and_description_are_language_maps(lrs: httpx.Client, texts: Any) -> None:
    assert (status(lrs, display=texts), status(lrs, description=texts)) == (400, 400)


@pytest.mark.parametrize("usage", ["essay", 7, None])
def test_xapi_00107_usage_type_is_an_iri(lrs: httpx.Client, usage: Any) -> None:
    assert status(lrs, usageType=usage) == 400


def test_2_4_11_a_sub_statement_may_have_attachments_whose_data_comes_along(lrs: httpx.Client) -> None:
    sent = said(thing={**SUB_STATEMENT, "attachments": [attachment()]})
    assert lrs.post(STATEMENTS, json=sent).status_code == 400
    assert send(lrs, sent, part()).status_code == 200
