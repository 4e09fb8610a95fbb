"""The sample school's accounts on the sign-in page: shown while it is loaded, and never otherwise."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update

from data.models import RecordInfo
from data.record import Record
from tests.api.school import TERM_START


@pytest.fixture
def sample_record(served_record: Record) -> Iterator[None]:
    """The record says that it holds the sample school."""
    for moment in (TERM_START, None):
        with served_record.writing() as tx:
            tx.execute(update(RecordInfo).values(sample_loaded_at=moment))
        if moment:
            yield


@pytest.mark.usefixtures("sample_record")
def test_sample_accounts_are_shown_while_the_sample_is_loaded_and_fill_in_the_form(stranger: httpx.Client) -> None:
    page = stranger.get("/auth/login?next=/my_timeline").text
    links = re.findall(r'href="(/auth/login\?username=[^"]+)"', page)
    assert links == [
        f"/auth/login?username={username}&amp;next=%2Fmy_timeline"
        for username in ("student", "teacher", "parent", "admin")
    ]
    filled_in = stranger.get("/auth/login?username=teacher&next=/my_timeline").text
    assert re.search(r'name="username"[^>]*value="teacher"', filled_in)
    assert re.search(r'name="password"[^>]*value="waymark"', filled_in)


@pytest.mark.usefixtures("sample_record")
def test_password_is_filled_in_for_sample_accounts_alone(stranger: httpx.Client) -> None:
    assert re.search(r'name="password"[^>]*value=""', stranger.get("/auth/login?username=ada").text)


def test_sample_accounts_are_not_mentioned_without_the_sample(stranger: httpx.Client) -> None:
    page = stranger.get("/auth/login?username=teacher").text
    assert "waymark</code>" not in page
    assert re.search(r'name="password"[^>]*value=""', page)
