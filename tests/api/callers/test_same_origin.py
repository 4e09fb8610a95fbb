"""Requests that pages of other sites make are told apart from our own and from programs'."""

import pytest

from api.callers.same_origin import is_same_origin

HOST = {"host": "school.example"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://school.example"},
        {"origin": "http://school.example"},  # a proxy ends TLS
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},  # typed into the address bar
    ],
)
def test_our_pages_and_programs_are_of_the_same_origin(headers: dict[str, str]) -> None:
    assert is_same_origin({**HOST, **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://school.example.evil.example"},
        {"origin": "https://school.example:8443"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},  # a sibling under the same domain
        {"sec-fetch-site": "cross-site", "origin": "https://school.example"},
    ],
)
def test_other_sites_are_not(headers: dict[str, str]) -> None:
    assert not is_same_origin({**HOST, **headers})
