"""The API's documentation: open to read, complete, and loaded from nowhere but here."""

import re

import httpx


def test_docs_load_nothing_from_another_site(stranger: httpx.Client) -> None:
    page = stranger.get("/api/v1/docs")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert all(address.startswith("/api/v1/docs-assets/") for address in loaded)
    assert all(stranger.get(address).status_code == 200 for address in loaded)


def test_description_names_every_operation_and_their_problems(stranger: httpx.Client) -> None:
    described = stranger.get("/api/v1/openapi.json").json()
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
    }
    assert described["servers"] == [{"url": "/api/v1"}]
    assert {"ProblemDetails", "WrongField"} <= set(described["components"]["schemas"])
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "application/problem+json" in operation["responses"]["401"]["content"]


def test_every_reference_in_the_description_leads_somewhere(stranger: httpx.Client) -> None:
    text = stranger.get("/api/v1/openapi.json").text
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert referred <= set(stranger.get("/api/v1/openapi.json").json()["components"]["schemas"])
    assert "ProblemDetails" in referred


def test_unknown_route_of_the_api_is_a_problem(stranger: httpx.Client) -> None:
    answer = stranger.get("/api/v1/no-such-route")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
