"""Filling in the sign-in pages' forms as a browser without JavaScript does."""

import re

import httpx

from progress.people.sign_in import SESSION_COOKIE
from tests.api.school import PASSWORD

HIDDEN = re.compile(r'type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    return dict(HIDDEN.findall(page.text))


def submit(
    browser: httpx.Client, username: str, password: str = PASSWORD, *, wanted: str = "", **headers: str
) -> httpx.Response:
    """Open the form and send it filled in."""
    form = browser.get("/auth/login", params={"next": wanted} if wanted else {})
    fields = {**hidden_fields(form), "username": username, "password": password}
    return browser.post("/auth/login", data=fields, headers=headers)


def session_cookie(answer: httpx.Response) -> str:
    return next((c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE)), "")
