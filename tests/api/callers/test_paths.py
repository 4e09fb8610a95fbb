"""After signing in, nobody is sent to another site."""

import pytest

from api.callers.paths import local_path, sign_in_path


@pytest.mark.parametrize(
    "wanted", ["/", "/my_courses", "/my_course?course=3&x=%2F", "/a//b", "/naïve", "/a#top", "/?u=http://x"]
)
def test_path_of_this_site_is_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "my_courses",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/a\\b",
        "/a b",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "@evil.example",
        ".evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/\x00",
    ],
)
def test_path_that_could_lead_elsewhere_becomes_the_start_page(wanted: str) -> None:
    assert local_path(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/auth/login", "/auth/sign-out", "/auth/login?next=/"])
def test_nobody_is_sent_back_to_signing_in_or_out(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_sign_in_path_remembers_path_and_query() -> None:
    assert sign_in_path("/my_course?course=3&tab=a b") == "/auth/login?next=/my_course%3Fcourse%3D3%26tab%3Da%20b"


def test_sign_in_path_of_the_start_page_is_plain() -> None:
    assert sign_in_path("/") == "/auth/login"
