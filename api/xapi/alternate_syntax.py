"""Requests of programs that can only POST forms, as what they mean: `POST …?method=PUT` with everything else in a form.

Standing inside of the rate limit and outside of the routes, so that these judge such requests like any other.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers.problems import problem
from api.callers.body_limit import BodyLimit, BodyTooLarge

FORM = "application/x-www-form-urlencoded"
_METHODS = {"GET": False, "DELETE": False, "PUT": True, "POST": True}  # and whether it sends content

# By their names in lower case. What a form says of the length of its content need not be right in bytes.
_HEADERS = frozenset({"authorization", "x-experience-api-version", "content-type", "if-match", "if-none-match"})
_LENGTH = "content-length"


class WrongForm(HTTPException):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"{words} See “Alternate Request Syntax” in part three of the specification, 1.3.")


class AlternateSyntax:
    """ASGI middleware that hands on what a form means in place of the POST that brought it."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self.app = app
        self._translating = BodyLimit(self._translate, limit_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_meant = scope["type"] == "http" and "method" in dict(_pairs(scope["query_string"]))
        await (self._translating if is_meant and scope["method"] == "POST" else self.app)(scope, receive, send)

    async def _translate(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            meant, content = _meant(request, await request.body())
        except (WrongForm, BodyTooLarge) as refused:
            await problem(refused.status_code, refused.detail)(scope, receive, send)
            return
        messages: Iterator[Message] = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive_content() -> Message:
            return next(messages, None) or await receive()

        await self.app(meant, receive_content, send)


def _meant(request: Request, body: bytes) -> tuple[Scope, bytes]:
    """The request that the form stands for, and its content. Raises WrongForm."""
    method = _method(request)
    form = _form(request, body)
    content = form.pop("content", None)
    if (content is not None) is not _METHODS[method]:
        words = "needs its content in the form field “content”" if _METHODS[method] else "has no content"
        raise WrongForm(f"A {method} {words}.")
    headers = {name.lower(): form[name] for name in form if name.lower() in _HEADERS}
    query = {name: value for name, value in form.items() if name.lower() not in (*_HEADERS, _LENGTH)}
    text = (content or "").encode()
    meant = {
        **request.scope,
        "method": method,
        "query_string": urlencode(query).encode(),
        "headers": list(_headers(request.scope["headers"], headers, text)),
    }
    return meant, text


def _method(request: Request) -> str:
    method = request.query_params.get("method", "")
    if len(request.query_params.multi_items()) > 1:
        raise WrongForm("The address may have no parameter but “method”: all others belong into the form.")
    if method not in _METHODS:
        raise WrongForm(f"“{method[:20]}” is no method that is taken here.")
    return method


def _form(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise WrongForm(f"A request with “method” in its address is a form, sent as {FORM}.")
    try:
        pairs = _pairs(body, strict_parsing=True)
    except (ValueError, UnicodeDecodeError):
        raise WrongForm("The form cannot be read: it has to be URL-encoded UTF-8.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise WrongForm("The form has the same field twice.")
    return form


def _headers(sent: Any, meant: Mapping[str, str], content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Those of the request, but for what the form says in their place and what was true of the form alone."""
    replaced = {name.encode() for name in (*meant, "content-type", _LENGTH, "transfer-encoding")}
    yield from ((name, value) for name, value in sent if name.lower() not in replaced)
    try:
        yield from ((name.encode(), value.encode("latin-1")) for name, value in meant.items())
    except UnicodeEncodeError:
        raise WrongForm("A header in the form has characters that headers cannot have.") from None
    yield _LENGTH.encode(), str(len(content)).encode()


def _pairs(text: bytes, *, strict_parsing: bool = False) -> list[tuple[str, str]]:
    return parse_qsl(
        text.decode(), keep_blank_values=True, strict_parsing=strict_parsing and bool(text), max_num_fields=50,
        errors="strict" if strict_parsing else "replace",
    )  # fmt: skip
