"""Signing out, and signing in as someone else."""

import httpx

from progress.people.sign_in import SESSION_COOKIE, signed_in_user
from tests.api.forms import hidden_fields, submit
from tests.api.school import PASSWORD, School


def test_signing_in_again_ends_the_browsers_earlier_session(stranger: httpx.Client, school: School) -> None:
    submit(stranger, "ada")
    first = stranger.cookies[SESSION_COOKIE]
    fields = hidden_fields(stranger.get("/auth/sign-out")) | {"username": "zoe", "password": PASSWORD}
    stranger.post("/auth/login", data=fields)
    assert signed_in_user(first) is None
    assert signed_in_user(stranger.cookies[SESSION_COOKIE]) == school.people["zoe"]


def test_sign_out_asks_and_then_ends_the_session(stranger: httpx.Client) -> None:
    submit(stranger, "ada")
    token = stranger.cookies[SESSION_COOKIE]
    page = stranger.get("/auth/sign-out")
    assert page.status_code == 200
    assert signed_in_user(token) is not None
    answer = stranger.post("/auth/sign-out", data=hidden_fields(page))
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login")
    assert signed_in_user(token) is None
    assert SESSION_COOKIE not in stranger.cookies


def test_another_site_cannot_sign_someone_out(stranger: httpx.Client) -> None:
    submit(stranger, "ada")
    token = stranger.cookies[SESSION_COOKIE]
    assert stranger.post("/auth/sign-out", data={"form_token": "guess"}).status_code == 403
    assert signed_in_user(token) is not None


def test_sign_out_page_leads_to_sign_in_when_nobody_is_signed_in(stranger: httpx.Client) -> None:
    answer = stranger.get("/auth/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login")
