"""Pages of other sites ask only where the school allows their origin, and never with anyone's cookie."""

from collections.abc import Iterator

import httpx
import pytest

from data.settings import allowed_origins
from tests.serving import environment, serving

ALLOWED, OTHER = "https://courses.example", "https://evil.example"
DOORS = ("/xapi/statements", "/api/v1/events")


def preflight(client: httpx.Client, path: str, origin: str) -> httpx.Response:
    asked = "authorization,content-type,x-experience-api-version"
    return client.options(
        path,
        headers={
            "Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def open_app(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_file) -> Iterator[str]:  # type: ignore[no-untyped-def]
    var = tmp_path_factory.mktemp("open")
    (var / "waymark.db").write_bytes(migrated_sqlite_file.read_bytes())
    with serving(f"sqlite:///{var / 'waymark.db'}", var, WAYMARK_ALLOWED_ORIGINS=f"{ALLOWED}/, *") as address:
        yield address


@pytest.mark.parametrize("path", DOORS)
def test_preflight_of_an_allowed_origin_is_answered(open_app: str, path: str) -> None:
    with httpx.Client(base_url=open_app) as client:
        answer = preflight(client, path, ALLOWED)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == ALLOWED
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "access-control-allow-credentials" not in answer.headers
        asked = client.post(path, headers={"Origin": ALLOWED, "Authorization": "Bearer wm_wrong"}, json={})
        assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (401, ALLOWED)
        assert "X-Experience-API-Consistent-Through" in asked.headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", DOORS)
def test_other_origins_are_not_answered_though_a_star_is_set(open_app: str, path: str) -> None:
    with httpx.Client(base_url=open_app) as client:
        answer = preflight(client, path, OTHER)
        assert answer.status_code == 400
        assert "access-control-allow-origin" not in answer.headers
        asked = client.post(path, headers={"Origin": OTHER, "Authorization": "Bearer wm_wrong"}, json={})
        assert "access-control-allow-origin" not in asked.headers


@pytest.mark.parametrize("path", DOORS)
def test_without_the_setting_no_origin_is_allowed(running_app: str, path: str) -> None:
    with httpx.Client(base_url=running_app) as client:
        answer = preflight(client, path, ALLOWED)
        assert answer.status_code == 405
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_origins_are_listed_with_commas_and_a_star_is_none() -> None:
    with environment(WAYMARK_ALLOWED_ORIGINS=" https://a.example/ ,, https://b.example:8443, *"):
        assert allowed_origins() == ("https://a.example", "https://b.example:8443")
