"""Part three, 2.8 about resource: which versions are spoken."""

import re

import httpx
import pytest

ABOUT = "/xapi/about"


@pytest.fixture
def about(stranger: httpx.Client) -> httpx.Response:
    """Asked without a token and without a version."""
    return stranger.get(ABOUT)


def test_xapi_00315_and_00319_anyone_may_ask(about: httpx.Response) -> None:
    assert about.status_code == 200


def test_xapi_00316_to_00318_version_is_a_list_of_versions(about: httpx.Response) -> None:
    versions = about.json()["version"]
    assert "1.0.3" in versions
    assert all(re.fullmatch(r"1\.0\.\d", version) for version in versions)


def test_xapi_00320_all_else_is_in_extensions(about: httpx.Response) -> None:
    assert set(about.json()) == {"version", "extensions"}
    assert all(name.startswith("https://") for name in about.json()["extensions"])


def test_2_8_s5_b4_no_version_is_a_reason_to_refuse(stranger: httpx.Client) -> None:
    assert stranger.get(ABOUT, headers={"X-Experience-API-Version": "0.9"}).status_code == 200


def test_xapi_00324_parameters_that_nobody_knows_are_refused(stranger: httpx.Client) -> None:
    assert stranger.get(ABOUT, params={"colour": "blue"}).status_code == 400
