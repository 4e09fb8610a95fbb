"""The sign-in and sign-out pages, as a browser without JavaScript uses them."""

import re

import httpx
import pytest

from api.entrance.sign_in_pages import BROWSER_COOKIE
from progress.people.sign_in import SESSION_COOKIE, signed_in_user
from tests.api.conftest import SignedIn
from tests.api.forms import hidden_fields, session_cookie, submit
from tests.api.school import PASSWORD, School


def test_form_has_what_password_managers_and_screen_readers_need(stranger: httpx.Client) -> None:
    page = stranger.get("/auth/login").text
    assert re.search(r'<input id="username" name="username"[^>]*autocomplete="username"', page)
    assert re.search(r'<input id="password" name="password" type="password"[^>]*autocomplete="current-password"', page)
    assert '<label for="username">Username</label>' in page
    assert '<label for="password">Password</label>' in page
    assert '<html lang="en">' in page
    assert "<script" not in page


def test_right_password_signs_in_and_leads_to_the_start_page(stranger: httpx.Client, school: School) -> None:
    answer = submit(stranger, "ada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert signed_in_user(stranger.cookies[SESSION_COOKIE]) == school.people["ada"]


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: httpx.Client) -> None:
    cookie = session_cookie(submit(stranger, "ada"))
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert flags == {"httponly", "path=/", "samesite=lax"}  # no lifetime: closing the browser signs out


def test_deep_link_is_kept_through_signing_in(stranger: httpx.Client) -> None:
    refused = stranger.get("/my_course?course=3")
    assert (refused.status_code, refused.headers["location"]) == (303, "/auth/login?next=/my_course%3Fcourse%3D3")
    form = stranger.get(refused.headers["location"])
    fields = {**hidden_fields(form), "username": "ada", "password": PASSWORD}
    assert stranger.post("/auth/login", data=fields).headers["location"] == "/my_course?course=3"


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_signing_in_never_leads_to_another_site(stranger: httpx.Client, wanted: str) -> None:
    assert submit(stranger, "ada", wanted=wanted).headers["location"] == "/"


def test_other_site_in_the_sent_form_is_not_followed_either(stranger: httpx.Client) -> None:
    fields = hidden_fields(stranger.get("/auth/login")) | {"next": "//evil.example"}
    answer = stranger.post("/auth/login", data={**fields, "username": "ada", "password": PASSWORD})
    assert answer.headers["location"] == "/"


def test_signed_in_person_is_not_asked_again(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get("/auth/login?next=/my_timeline")
    assert (answer.status_code, answer.headers["location"]) == (303, "/my_timeline")


@pytest.mark.parametrize("username", ["ada", "gone", "never-seen"])
def test_wrong_password_closed_account_and_unknown_username_get_the_same_answer(
    stranger: httpx.Client, username: str
) -> None:
    password = PASSWORD if username == "gone" else "wrong"
    answer = submit(stranger, username, password)
    assert answer.status_code == 401
    assert re.search(r'role="alert" tabindex="-1" autofocus>\s*<h2>There is a problem</h2>', answer.text)
    assert "That username and password do not belong together." in answer.text
    assert f'value="{username}"' in answer.text
    assert answer.text.count(password) == 0
    assert session_cookie(answer) == ""


def test_what_someone_typed_comes_back_as_text_and_not_as_html(stranger: httpx.Client) -> None:
    answer = submit(stranger, '"><script>alert(1)</script>')
    assert "<script" not in answer.text
    page = stranger.get("/auth/login", params={"username": '"><script>alert(1)</script>', "next": '/"><script>'})
    assert "<script" not in page.text


def test_form_without_its_token_is_refused(stranger: httpx.Client) -> None:
    stranger.get("/auth/login")
    answer = stranger.post("/auth/login", data={"username": "ada", "password": PASSWORD})
    assert (answer.status_code, session_cookie(answer)) == (403, "")
    assert "Please try again." in answer.text


def test_form_with_the_token_of_another_browser_is_refused(running_app: str, stranger: httpx.Client) -> None:
    with httpx.Client(base_url=running_app) as other:
        fields = hidden_fields(other.get("/auth/login"))
    stranger.get("/auth/login")
    answer = stranger.post("/auth/login", data={**fields, "username": "ada", "password": PASSWORD})
    assert (answer.status_code, session_cookie(answer)) == (403, "")


def test_form_with_an_empty_token_and_cookie_is_refused(stranger: httpx.Client) -> None:
    fields = {"form_token": "", "username": "ada", "password": PASSWORD}
    answer = stranger.post("/auth/login", data=fields, headers={"Cookie": "waymark_form="})
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_form_sent_by_another_site_is_refused(stranger: httpx.Client, headers: dict[str, str]) -> None:
    answer = submit(stranger, "ada", **headers)
    assert (answer.status_code, session_cookie(answer)) == (403, "")


def test_two_open_forms_of_one_browser_both_work(stranger: httpx.Client) -> None:
    first, second = stranger.get("/auth/login"), stranger.get("/auth/login")
    assert hidden_fields(first)["form_token"] == hidden_fields(second)["form_token"]


def test_guesses_are_slowed_down_and_the_page_says_until_when(stranger: httpx.Client) -> None:
    address = {"X-Forwarded-For": "198.51.100.7"}
    answers = [submit(stranger, "ben", "wrong", **address) for _ in range(8)]
    assert [answer.status_code for answer in answers[:4]] == [401] * 4
    answer = next(answer for answer in answers if answer.status_code == 429)
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= 8
    assert f"Too many sign-ins have failed. Try again in {seconds} second" in answer.text
    assert '<script src="/auth/assets/countdown.js" defer></script>' in answer.text
    assert session_cookie(answer) == ""


def test_browser_in_which_someone_signed_in_is_known_for_400_days(stranger: httpx.Client) -> None:
    answer = submit(stranger, "ada")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(BROWSER_COOKIE))
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert flags >= {"httponly", "path=/", "samesite=lax", "max-age=34560000"}
    mark = stranger.cookies[BROWSER_COOKIE]
    stranger.cookies.delete(SESSION_COOKIE)
    assert session_cookie(submit(stranger, "turing"))
    assert stranger.cookies[BROWSER_COOKIE] == mark


def test_owner_learns_of_wrong_passwords_that_others_tried(stranger: httpx.Client, running_app: str) -> None:
    with httpx.Client(base_url=running_app) as elsewhere:
        for _ in range(2):
            submit(elsewhere, "zoe", "wrong", **{"X-Forwarded-For": "198.51.100.9"})
    answer = submit(stranger, "zoe", wanted="/my_course?course=3")
    assert answer.headers["location"] == "/auth/attempts?next=/my_course%3Fcourse%3D3"
    page = stranger.get(answer.headers["location"]).text
    assert "Since your last sign-in 2 attempts with a wrong password failed." in page
    assert 'href="/my_course?course=3"' in page
    stranger.cookies.delete(SESSION_COOKIE)
    assert submit(stranger, "zoe").headers["location"] == "/"


def test_attempts_are_told_to_nobody_who_is_not_signed_in(stranger: httpx.Client) -> None:
    assert stranger.get("/auth/attempts").headers["location"] == "/auth/login"


def test_enormous_form_is_refused_unread(stranger: httpx.Client) -> None:
    answer = stranger.post("/auth/login", data={"username": "a" * 20_000})
    assert answer.status_code == 413


def test_ended_session_is_explained(stranger: httpx.Client) -> None:
    page = stranger.get("/auth/login?ended").text
    assert 'role="status">Your session has ended.' in page


@pytest.mark.parametrize("path", ["/auth/login", "/auth/login?ended"])
def test_sign_in_page_is_kept_nowhere_and_may_load_nothing_foreign(stranger: httpx.Client, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/auth/assets/style.css", "/auth/assets/mark.svg"])
def test_assets_of_the_sign_in_page_need_no_session(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/auth/logout", 404), ("/auth/", 404), ("/auth/unknown", 404), ("/auth/assets/%2e%2e/%2e%2e/app.py", 400)],
)
def test_there_is_nothing_else_behind_auth(stranger: httpx.Client, path: str, status: int) -> None:
    assert stranger.get(path).status_code == status
