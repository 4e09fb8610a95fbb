"""The pages to sign in and out: plain HTML forms that work without JavaScript and with password managers."""

import hmac
import re
import secrets
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from api.look_up import is_signed_in
from api.paths import SIGN_IN, START, local_path
from api.same_origin import is_same_origin
from data.record import current_record
from data.settings import settings
from progress.sample import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, sample_is_loaded
from progress.sign_in import SESSION_COOKIE, TooManyGuesses, WrongCredentials, sign_in, sign_out

FORM_COOKIE = "waymark_form"
LARGEST_FORM_BYTES = 16_384
STALE_FORM = "This page was open for a long time. Please try again."
SESSION_ENDED = "Your session has ended. Sign in again to go on; nothing that was recorded is lost."

_PLACE = Path(__file__).parent
_TEMPLATES = Jinja2Templates(directory=_PLACE / "templates")
_FORM_TOKEN = re.compile(r"[\w-]{43}")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": f"{_POLICY}frame-ancestors 'none'"}

# As many as `sign_in` checks at once. More would only wait, in threads that other requests need.
_PLACES_TO_SIGN_IN = CapacityLimiter(4)


async def show_sign_in(request: Request) -> Response:
    """The form; someone who is signed in already goes straight on."""
    wanted = local_path(request.query_params.get("next", START))
    if await is_signed_in(request):
        return RedirectResponse(wanted, 303)
    notice = SESSION_ENDED if "ended" in request.query_params else ""
    username = request.query_params.get("username", "")
    return await _sign_in_form(request, wanted, username, notice=notice)


async def take_sign_in(request: Request) -> Response:
    async with request.form() as form:
        wanted, username = local_path(_text(form, "next") or START), _text(form, "username")
        if not _comes_from_our_form(request, form):
            return await _sign_in_form(request, wanted, username, error=STALE_FORM, status=403)
        return await _answer(request, wanted, username, _text(form, "password"))


async def show_sign_out(request: Request) -> Response:
    if not await is_signed_in(request):
        return RedirectResponse(SIGN_IN, 303)
    return _form(request, "sign_out.html", {})


async def take_sign_out(request: Request) -> Response:
    async with request.form() as form:
        if not _comes_from_our_form(request, form):
            return _form(request, "sign_out.html", {"error": STALE_FORM}, 403)
    await _end_session(request)
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(SESSION_COOKIE, **_cookie_flags())
    return response


async def show_too_many_pages(request: Request) -> Response:
    return _TEMPLATES.TemplateResponse(request, "too_many_pages.html", status_code=429, headers=_HEADERS)


SIGN_IN_ROUTES = Mount(
    "/auth",
    routes=[
        Route("/login", show_sign_in, methods=["GET"]),
        Route("/login", take_sign_in, methods=["POST"]),
        Route("/sign-out", show_sign_out, methods=["GET"]),
        Route("/sign-out", take_sign_out, methods=["POST"]),
        Route("/too-many-pages", show_too_many_pages, methods=["GET"]),
        Mount("/assets", StaticFiles(directory=_PLACE / "assets")),
    ],
    max_body_size=LARGEST_FORM_BYTES,
)


async def _answer(request: Request, wanted: str, username: str, password: str) -> Response:
    address = request.client.host if request.client else ""
    try:
        token = await to_thread.run_sync(sign_in, username, password, address, limiter=_PLACES_TO_SIGN_IN)
    except WrongCredentials as refused:
        return await _sign_in_form(request, wanted, username, error=str(refused), status=401)
    except TooManyGuesses as refused:
        response = await _sign_in_form(request, wanted, username, error=str(refused), status=429)
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
        return response
    await _end_session(request)
    response = RedirectResponse(wanted, 303)
    # No lifetime: on a computer that pupils share, closing the browser signs out.
    response.set_cookie(SESSION_COOKIE, token, **_cookie_flags())
    return response


async def _end_session(request: Request) -> None:
    if token := request.cookies.get(SESSION_COOKIE):
        await run_in_threadpool(sign_out, token)


async def _sign_in_form(
    request: Request, wanted: str, username: str, *, error: str = "", notice: str = "", status: int = 200
) -> Response:
    has_sample = await run_in_threadpool(lambda: sample_is_loaded(current_record()))
    accounts = SAMPLE_ACCOUNTS if has_sample else []
    shown = {
        "next": wanted,
        "username": username,
        "password": SAMPLE_PASSWORD if username in dict(accounts) else "",
        "sample_password": SAMPLE_PASSWORD,
        "error": error,
        "notice": notice,
        "accounts": accounts,
    }
    return _form(request, "sign_in.html", shown, status)


def _form(request: Request, template: str, shown: dict[str, Any], status: int = 200) -> Response:
    """The template with a token that the form sends back beside its cookie: other sites know neither."""
    held = request.cookies.get(FORM_COOKIE, "")
    token = held if _FORM_TOKEN.fullmatch(held) else secrets.token_urlsafe(32)
    response = _TEMPLATES.TemplateResponse(
        request, template, {**shown, "form_token": token}, status_code=status, headers=_HEADERS
    )
    response.set_cookie(FORM_COOKIE, token, **_cookie_flags())
    return response


def _comes_from_our_form(request: Request, form: FormData) -> bool:
    held, sent = request.cookies.get(FORM_COOKIE, ""), _text(form, "form_token")
    is_ours = _FORM_TOKEN.fullmatch(held) and hmac.compare_digest(held.encode(), sent.encode())
    return bool(is_ours) and is_same_origin(request.headers)


def _text(form: FormData, name: str) -> str:
    """A field's text; a missing field and an uploaded file are empty."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _cookie_flags() -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings().secure_cookies}
