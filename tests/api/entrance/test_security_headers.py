"""What every answer tells the browser not to do."""

import httpx
import pytest

from tests.api.conftest import SignedIn


def test_every_answer_tells_the_browser_to_guess_nothing_and_show_us_in_no_frame(
    stranger: httpx.Client, signed_in: SignedIn
) -> None:
    for answer in (signed_in("ada").get("/"), stranger.get("/"), stranger.get("/_stcore/health")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"


def test_files_made_by_pages_are_kept_in_no_cache(signed_in: SignedIn) -> None:
    assert signed_in("ada").get("/media/0123abcd.csv").headers["cache-control"] == "private, no-store"


def test_pages_run_no_scripts_but_their_own(signed_in: SignedIn) -> None:
    policy = signed_in("ada").get("/my_courses").headers["content-security-policy"]
    directives = {name: rest.split() for name, _, rest in (each.strip().partition(" ") for each in policy.split(";"))}
    assert directives["default-src"] == ["'self'"]
    own, blobs, *by_hash = directives["script-src"]
    assert (own, blobs) == ("'self'", "blob:")
    assert by_hash
    assert all(each.startswith("'sha256-") for each in by_hash)


@pytest.mark.parametrize("path", ["/", "/auth/login", "/api/v1/events", "/xapi/about", "/static/js/none.js"])
def test_no_answer_names_the_server_that_gives_it(stranger: httpx.Client, path: str) -> None:
    assert not {"server", "x-powered-by"} & set(stranger.get(path).headers)
