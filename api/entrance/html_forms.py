"""Plain HTML forms outside Streamlit's pages: they work without JavaScript, and other sites cannot send them."""

import hmac
import re
import secrets
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from api.callers.same_origin import is_same_origin
from data.settings import settings

FORM_COOKIE = "waymark_form"
LARGEST_FORM_BYTES = 16_384
STALE_FORM = "This page was open for a long time. Please try again."

_TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
_FORM_TOKEN = re.compile(r"[\w-]{43}")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
_COUNTDOWN = "script-src 'self'; "  # the one script, and only where someone has to wait


def form_page(request: Request, template: str, shown: dict[str, Any], status: int = 200) -> Response:
    """The template with a token that the form sends back together with its cookie: other sites know neither."""
    policy = f"{_POLICY}{_COUNTDOWN if shown.get('wait') else ''}frame-ancestors 'none'"
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    token = form_token(request) or secrets.token_urlsafe(32)
    response = _TEMPLATES.TemplateResponse(
        request, template, {**shown, "form_token": token}, status_code=status, headers=headers
    )
    response.set_cookie(FORM_COOKIE, token, **cookie_flags())
    return response


def plain_page(request: Request, template: str, shown: dict[str, Any], status: int) -> Response:
    """The template without a form."""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": f"{_POLICY}frame-ancestors 'none'"}
    return _TEMPLATES.TemplateResponse(request, template, shown, status_code=status, headers=headers)


def form_token(request: Request) -> str | None:
    """The token that this browser got with its first form; it keeps it until it closes."""
    held = request.cookies.get(FORM_COOKIE, "")
    return held if _FORM_TOKEN.fullmatch(held) else None


def comes_from_our_form(request: Request, form: FormData) -> bool:
    held, sent = form_token(request), text_of(form, "form_token")
    is_ours = held is not None and hmac.compare_digest(held.encode(), sent.encode())
    return is_ours and is_same_origin(request.headers)


def text_of(form: FormData, name: str) -> str:
    """A field's text; a missing field and an uploaded file are empty."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def cookie_flags() -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings().secure_cookies}
