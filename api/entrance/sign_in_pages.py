"""The pages to sign in and out: plain HTML forms that work without JavaScript and with password managers."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from api.callers.look_up import is_signed_in, must_choose_password
from api.callers.paths import SIGN_IN, START, attempts_path, local_path
from api.entrance.html_forms import (
    LARGEST_FORM_BYTES,
    STALE_FORM,
    comes_from_our_form,
    cookie_flags,
    form_page,
    form_token,
    text_of,
)
from api.entrance.open_streams import end_streams
from api.entrance.password_pages import PLACES_TO_CHECK, show_password, take_password
from progress.people.browsers import KNOWN_FOR, Browser
from progress.people.guesses import TooManyGuesses
from progress.people.sign_in import (
    SESSION_COOKIE,
    WrongCredentials,
    failures_before,
    sign_in,
    sign_out,
)
from progress.sample.school import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, sample_is_loaded

BROWSER_COOKIE = "waymark_browser"
SESSION_ENDED = "Your session has ended. Sign in again to go on; nothing that was recorded is lost."

_PLACE = Path(__file__).parent


@dataclass(frozen=True)
class _Wanted:
    """What someone typed, and the page that they wanted to see."""

    path: str
    username: str


async def show_sign_in(request: Request) -> Response:
    """The form; someone who is signed in already goes straight on."""
    wanted = _Wanted(local_path(request.query_params.get("next", START)), request.query_params.get("username", ""))
    if await is_signed_in(request):
        return RedirectResponse(wanted.path, 303)
    return await _sign_in_form(request, wanted, notice=SESSION_ENDED if "ended" in request.query_params else "")


async def take_sign_in(request: Request) -> Response:
    async with request.form() as form:
        wanted = _Wanted(local_path(text_of(form, "next") or START), text_of(form, "username"))
        if not comes_from_our_form(request, form):
            return await _sign_in_form(request, wanted, error=STALE_FORM, status=403)
        return await _answer(request, wanted, text_of(form, "password"))


async def show_sign_out(request: Request) -> Response:
    if not await is_signed_in(request) and not await must_choose_password(request):
        return RedirectResponse(SIGN_IN, 303)
    return form_page(request, "sign_out.html", {})


async def take_sign_out(request: Request) -> Response:
    async with request.form() as form:
        if not comes_from_our_form(request, form):
            return form_page(request, "sign_out.html", {"error": STALE_FORM}, 403)
    await _end_session(request)
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(SESSION_COOKIE, **cookie_flags())
    return response


async def show_attempts(request: Request) -> Response:
    """What someone learns before they go on where wrong passwords were tried since they last signed in."""
    wanted = local_path(request.query_params.get("next", START))
    if not await is_signed_in(request) and not await must_choose_password(request):
        return RedirectResponse(SIGN_IN, 303)
    count = await run_in_threadpool(failures_before, request.cookies[SESSION_COOKIE])
    return form_page(request, "attempts.html", {"count": count, "next": wanted})


async def show_too_many_pages(request: Request) -> Response:
    return form_page(request, "too_many_pages.html", {}, 429)


SIGN_IN_ROUTES = Mount(
    "/auth",
    routes=[
        Route("/login", show_sign_in, methods=["GET"]),
        Route("/login", take_sign_in, methods=["POST"]),
        Route("/sign-out", show_sign_out, methods=["GET"]),
        Route("/sign-out", take_sign_out, methods=["POST"]),
        Route("/attempts", show_attempts, methods=["GET"]),
        Route("/password", show_password, methods=["GET"]),
        Route("/password", take_password, methods=["POST"]),
        Route("/too-many-pages", show_too_many_pages, methods=["GET"]),
        Mount("/assets", StaticFiles(directory=_PLACE / "assets")),
    ],
    max_body_size=LARGEST_FORM_BYTES,
)


async def _answer(request: Request, wanted: _Wanted, password: str) -> Response:
    address = request.client.host if request.client else ""
    mark = request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
    browser = Browser(mark, form_token(request), request.headers.get("user-agent", ""))
    try:
        token = await to_thread.run_sync(sign_in, wanted.username, password, address, browser, limiter=PLACES_TO_CHECK)
    except WrongCredentials as refused:
        return await _sign_in_form(request, wanted, error=str(refused), status=401)
    except TooManyGuesses as refused:
        seconds = refused.retry_after_seconds
        response = await _sign_in_form(request, wanted, error=str(refused), wait=seconds, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    await _end_session(request)
    has_failures = await run_in_threadpool(failures_before, token)
    response = RedirectResponse(attempts_path(wanted.path) if has_failures else wanted.path, 303)
    # No lifetime: on a computer that pupils share, closing the browser signs out.
    response.set_cookie(SESSION_COOKIE, token, **cookie_flags())
    response.set_cookie(BROWSER_COOKIE, mark, max_age=int(KNOWN_FOR.total_seconds()), **cookie_flags())
    return response


async def _end_session(request: Request) -> None:
    if token := request.cookies.get(SESSION_COOKIE):
        await run_in_threadpool(sign_out, token)
        await end_streams(token)


async def _sign_in_form(
    request: Request, wanted: _Wanted, *, error: str = "", notice: str = "", wait: int = 0, status: int = 200
) -> Response:
    has_sample = await run_in_threadpool(sample_is_loaded)
    accounts = SAMPLE_ACCOUNTS if has_sample else []
    shown = {
        "next": wanted.path,
        "username": wanted.username,
        "password": SAMPLE_PASSWORD if wanted.username in dict(accounts) else "",
        "sample_password": SAMPLE_PASSWORD,
        "error": error,
        "notice": notice,
        "wait": wait,
        "accounts": accounts,
    }
    return form_page(request, "sign_in.html", shown, status)
