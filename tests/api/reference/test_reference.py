"""The API's description as people read it: complete, for everyone to use, and for those who may read it."""

import json
import re
import shlex
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from api.reference.operations import Operation, groups_of, objects_of
from api.reference.schemas import example_of, kind_of
from api.v1.application import API
from data.record import Record
from progress.people.sign_in import SESSION_COOKIE
from tests.api.conftest import SignedIn
from tests.pages.screen import barriers
from tests.serving import serving

DOORS = ["/api/v1", "/xapi"]
OPERATIONS = [operation for group in groups_of(API.openapi(), "/api/v1").values() for operation in group]


@pytest.mark.parametrize("door", DOORS)
def test_strangers_are_led_to_sign_in_and_back(stranger: httpx.Client, door: str) -> None:
    page, document = stranger.get(f"{door}/docs"), stranger.get(f"{door}/openapi.json")
    assert (page.status_code, page.headers["location"]) == (303, f"/auth/login?next={door}/docs")
    assert (document.status_code, document.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("door", DOORS)
def test_everyone_reads_where_the_settings_say_so(served_record: Record, tmp_path: Path, door: str) -> None:
    with serving(served_record.url, tmp_path, WAYMARK_OPEN_DOCS="1") as address:
        assert httpx.get(f"{address}{door}/docs").status_code == 200
        assert httpx.get(f"{address}{door}/openapi.json").json()["servers"] == [{"url": door}]


@pytest.mark.parametrize("door", DOORS)
def test_page_runs_nothing_and_loads_only_our_own(signed_in: SignedIn, door: str) -> None:
    reader = signed_in("ada")
    page = reader.get(f"{door}/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert "<script" not in page.text
    loaded = re.findall(r'<(?:link|img)[^>]* (?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert {reader.get(address).status_code for address in loaded} == {200}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_page_can_be_used_by_everyone(
    running_app: str, signed_in: SignedIn, browser: Browser, door: str, scheme: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": SESSION_COOKIE, "value": signed_in("ada").cookies[SESSION_COOKIE], "url": running_app}]
    )
    page = context.new_page()
    page.goto(f"{running_app}{door}/docs")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.anchor)
def test_page_describes_every_operation(signed_in: SignedIn, operation: Operation) -> None:
    text = unescape(signed_in("ada").get("/api/v1/docs").text)
    assert f'<h3 id="{operation.anchor}">{operation.summary}</h3>' in text
    assert f"<strong>{operation.method}</strong> <code>{operation.path}</code>" in text
    assert operation.command in text
    assert all(f"<dt>{refusal.status}</dt>" in text for refusal in operation.problems)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.anchor)
def test_every_command_is_a_request_that_the_server_understands(running_app: str, operation: Operation) -> None:
    """Without a token it is asked for one, which comes before anything else; the address and the JSON must be right."""
    command = operation.command.replace("$WAYMARK", running_app).replace("$TOKEN", "wm_none")
    _, *words, address = shlex.split(command)
    given = list(zip(words[::2], words[1::2], strict=True))
    body = next((value for option, value in given if option == "-d"), None)
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    answer = httpx.request(dict(given).get("-X", "GET"), address, headers=headers, content=body)
    assert answer.status_code == 401
    assert "{" not in address
    assert body is None or json.loads(body)


def test_every_link_to_an_object_leads_somewhere(signed_in: SignedIn) -> None:
    text = signed_in("ada").get("/api/v1/docs").text
    targets, anchors = set(re.findall(r'href="#([^"]+)"', text)), set(re.findall(r' id="([^"]+)"', text))
    assert targets <= anchors
    assert {f"object-{each.name}" for each in objects_of(API.openapi())} <= anchors


def test_text_of_a_description_is_never_html() -> None:
    assert kind_of({"enum": ["<b>"]}) == "<code>&lt;b&gt;</code>"


@pytest.mark.parametrize(
    ("schema", "words", "example"),
    [
        ({"type": "string", "format": "date-time"}, "date and time", "2026-03-02T08:30:00Z"),
        ({"type": "array", "items": {"type": "integer"}}, "list of whole number", [1]),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number or null", 1.5),
        ({"type": "string", "examples": ["lms"]}, "text", "lms"),
        ({}, "object", {}),
    ],
)
def test_schemas_are_said_in_words_and_have_examples(schema: dict[str, object], words: str, example: object) -> None:
    assert (str(kind_of(schema)), example_of(schema, {})) == (words, example)
