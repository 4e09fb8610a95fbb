"""The API's OpenAPI document is complete. The page that is made from it: test_reference.py."""

import re
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.v1.event_examples import EVENT_EXAMPLES
from api.v1.events import OneOrMany, ReportedEvent
from tests.api.conftest import SignedIn


def test_description_names_every_operation_and_their_problems(signed_in: SignedIn) -> None:
    described = signed_in("ada").get("/api/v1/openapi.json").json()
    operations = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert operations == {
        ("post", "/events"),
        ("get", "/users/{user_id}/progress"),
        ("get", "/users/{user_id}/changes"),
        ("get", "/users/{user_id}/courses/{course_id}/units"),
        ("get", "/users/{user_id}/courses/{course_id}/units/{unit_id}/modules"),
        ("get", "/users/{user_id}/next"),
        ("get", "/users/{user_id}/achievements"),
        ("get", "/courses/{course_id}/progress"),
        ("get", "/classes/{class_id}/progress"),
        ("get", "/courses/{course_id}/completion-rule"),
        ("put", "/courses/{course_id}/completion-rule"),
        ("delete", "/courses/{course_id}/completion-rule"),
        ("post", "/courses/{course_id}/completion-rule/preview"),
        ("get", "/exports/{what}"),
        ("post", "/me/password"),
        ("get", "/me/sessions"),
        ("delete", "/me/sessions/{session_id}"),
        ("get", "/audit-entries"),
        ("get", "/audit-entries/export"),
    }
    assert described["servers"] == [{"url": "/api/v1"}]
    assert {"ProblemDetails", "WrongField"} <= set(described["components"]["schemas"])
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "application/problem+json" in operation["responses"]["401"]["content"]


def test_every_answer_and_every_body_has_an_example(signed_in: SignedIn) -> None:
    described = signed_in("ada").get("/api/v1/openapi.json").json()
    for operation in (operation for methods in described["paths"].values() for operation in methods.values()):
        for status, answer in operation["responses"].items():
            for media_type, content in answer.get("content", {}).items():
                assert _has_example(content, described) or media_type.endswith(("parquet", "sheet")), (
                    status,
                    operation,
                )
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert _has_example(content, described), operation["summary"]


def test_examples_of_events_are_what_the_route_takes() -> None:
    one_or_many: TypeAdapter[ReportedEvent | list[ReportedEvent]] = TypeAdapter(OneOrMany)
    for example in EVENT_EXAMPLES.values():
        one_or_many.validate_python(example["value"])


def _has_example(content: dict[str, Any], described: dict[str, Any]) -> bool:
    """Of its own, or one of each field that is a value (which documentation puts together)."""
    if {"example", "examples"} & content.keys():
        return True
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    return bool(name) and _is_exemplary(described["components"]["schemas"][name])


def _is_exemplary(schema: dict[str, Any]) -> bool:
    numbers_and_words = [field for field in schema["properties"].values() if field.get("type") in ("integer", "string")]
    return "examples" in schema or all(
        {"examples", "default", "enum", "const", "format"} & field.keys() for field in numbers_and_words
    )


def test_every_reference_in_the_description_leads_somewhere(signed_in: SignedIn) -> None:
    document = signed_in("ada").get("/api/v1/openapi.json")
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', document.text))
    assert referred <= set(document.json()["components"]["schemas"])
    assert "ProblemDetails" in referred


@pytest.mark.parametrize("door", ["/api/v1", "/xapi"])
def test_unknown_route_is_a_problem_that_says_where_all_are_described(stranger: httpx.Client, door: str) -> None:
    answer = stranger.get(f"{door}/no-such-route")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == f"There is no such address. All are described at {door}/docs."


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/events", "POST"),
        ("/api/v1/courses/3/completion-rule", "DELETE, GET, PUT"),
        ("/xapi/statements", "GET, HEAD, POST, PUT"),
    ],
)
def test_wrong_method_is_told_all_that_the_address_takes(stranger: httpx.Client, path: str, methods: str) -> None:
    answer = stranger.request("PATCH", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)
    assert answer.json()["detail"] == f"This address takes {methods}."
