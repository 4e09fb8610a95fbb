"""The page into which Streamlit draws is ours, and no browser shows it from memory."""

import re

import httpx
import pytest

from tests.api.conftest import SignedIn

Answer = httpx.Response


@pytest.fixture
def page(signed_in: SignedIn) -> Answer:
    return signed_in("ada").get("/my_courses")


def test_it_is_called_waymark_and_says_nothing_of_streamlit(page: Answer) -> None:
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Waymark</title>" in page.text
    shown = re.sub(r"<!--.*?-->|<script.*?</script>|<link[^>]*>", "", page.text, flags=re.DOTALL)
    assert "Streamlit" not in shown
    assert "_stcore/agent" not in page.text


def test_our_script_runs_before_streamlits(page: Answer) -> None:
    ours = re.search(r'<script src="/auth/assets/pages\.js\?v=\w+"></script>', page.text)
    streamlits = re.search(r'<script type="module"[^>]*src="\./static/js/index\.', page.text)
    assert ours
    assert streamlits  # a module waits until everything else in the page has run
    assert "defer" not in ours.group() + streamlits.group()


def test_its_style_and_script_can_be_had_without_signing_in(page: Answer, stranger: httpx.Client) -> None:
    assets = re.findall(r'"(/auth/assets/pages\.\w+\?v=\w+)"', page.text)
    assert len(assets) == 2
    assert [stranger.get(asset).status_code for asset in assets] == [200, 200]


def test_no_browser_keeps_it(page: Answer, signed_in: SignedIn) -> None:
    assert page.headers["cache-control"] == "no-store"
    assert "etag" not in page.headers
    assert "last-modified" not in page.headers
    remembered = {"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert signed_in("ada").get("/my_courses", headers=remembered).status_code == 200


def test_its_head_alone_can_be_asked_for(page: Answer, signed_in: SignedIn) -> None:
    head = signed_in("ada").head("/my_courses")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(page.content))


@pytest.mark.parametrize("path", ["/a/b", "/my_courses/more", "/a/b/c?x=1", "/people/1"])
def test_an_address_below_another_leads_to_the_words_for_unknown_ones(path: str, signed_in: SignedIn) -> None:
    answer = signed_in("ada").get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/page_not_found")


def test_streamlits_files_are_passed_on_as_they_are(page: Answer, signed_in: SignedIn) -> None:
    script = re.search(r'src="\.(/static/js/index\.[^"]+)"', page.text)
    assert script
    answer = signed_in("ada").get(script.group(1))
    assert "immutable" in answer.headers["cache-control"]
    again = signed_in("ada").get(script.group(1), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
