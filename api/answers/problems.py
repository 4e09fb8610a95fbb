"""Errors as programs get them: RFC 9457 problem details. They say what to do, and nothing of what is inside."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from api.answers.bodies import MOST_FAULTS, WrongBody
from api.answers.problem_words import Place, place_and_words
from data.mirror import MirrorBroken
from data.settings import settings
from data.troubles import RecordTrouble, trouble_of
from data.usable import met_trouble

# How the alternatives that a body can be are called; they are no part of the body itself.
ALTERNATIVES = ("one", "many")

# What a program can do about an answer, where the status alone does not say it.
_DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "Not signed in, or the access token is not valid.",
    403: "The access token lacks the scope, a page of another site made the request, or someone else set the password.",
    404: "It does not exist, or is not for you to see.",
    409: "What is stored has changed, or contradicts it.",
    412: "What `If-Match` names has changed: look again first.",
    413: "The body is too large: send it in parts.",
    415: "The body is not sent as what is taken here.",
    422: "The request does not fit; `errors` says where.",
    429: "Too many requests: wait for as long as `Retry-After` says.",
    503: "The record cannot be read or written at the moment: ask again after `Retry-After`.",
}
# What such an answer's `detail` can be.
_EXAMPLES = {
    400: "The body cannot be read: it is nested too deeply.",
    401: "This access token is not valid. It may be mistyped, expired or revoked: make a new one.",
    403: "This access token lacks the scope “record”. Make one that has it.",
    404: "There is no such learner, course, unit or class among those you may see.",
    409: "The rule has changed: it stands at version 4, not 3. Look at it again first.",
    412: "The rule has changed: it stands at version 4, not 3. Look at it again first.",
    413: "The body is larger than 4,000,000 bytes. Send it in parts.",
    415: "Send the body as application/json.",
    422: "The request does not fit; nothing of it was stored.",
    503: "The record cannot be reached. Nothing was stored. Try again in 30 seconds.",
    429: "These were more than 6,000 requests of the kind “read” in a minute. Wait 42 seconds, then go on.",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "How to sign in (RFC 6750).", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}

# After which a program asks again while the record is in trouble.
SECONDS_TO_WAIT = 30

# Names of what is wrong are the sender's own, and as long as they like.
_LONGEST_DETAIL = 2_000
_LONGEST_POINTER = 200

_log = logging.getLogger(__name__)


class WrongField(BaseModel):
    """One thing that is wrong with a request. `pointer` is a JSON pointer into its body, or the parameter's name."""

    pointer: str = Field(examples=["#/0/score"])
    detail: str = Field(examples=["Input should be a finite number"])


class ProblemDetails(BaseModel):
    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such learner, course, unit or class among those you may see."])
    errors: list[WrongField] | None = None
    errors_count: int | None = Field(None, description="How many there are, where `errors` names the first of them.")


class WrongValue(RequestValidationError):
    """A value that has the right form and cannot be taken. `place` is such as `("query", "cursor")`."""

    def __init__(self, place: tuple[int | str, ...], words: str) -> None:
        super().__init__([{"type": "value_error", "loc": place, "msg": words}])


class NotFound(HTTPException):
    """The same for what does not exist and for what the viewer may not see: nobody learns which of the two it is."""

    def __init__(self) -> None:
        super().__init__(404, "There is no such learner, course, unit or class among those you may see.")


def problem(
    status: int, detail: str, errors: Sequence[WrongField] = (), *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return _problem(status, detail, errors, len(errors), headers)


def _problem(
    status: int, detail: str, errors: Sequence[WrongField], count: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    details = ProblemDetails(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail[:_LONGEST_DETAIL],
        errors=list(errors) or None,
        errors_count=count if count > len(errors) else None,
    )
    content = details.model_dump(exclude_none=True)
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")


def unavailable(request: Request, trouble: RecordTrouble) -> JSONResponse:
    stored = "" if request.method in ("GET", "HEAD") else " Nothing was stored."
    words = f"{trouble.plain}{stored} Try again in {SECONDS_TO_WAIT} seconds."
    return problem(503, words, headers={"Retry-After": str(SECONDS_TO_WAIT)})


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers for an operation's documentation."""
    return {status: _documented(status) for status in statuses}


def answer_with_problems(api: FastAPI) -> None:
    """Let every error of this API, whose routes are all there by now, leave as problem details."""
    _, described = models_json_schema([(ProblemDetails, "serialization")], ref_template="#/components/schemas/{model}")
    api.openapi()["components"]["schemas"].update(described["$defs"])
    api.add_exception_handler(StarletteHTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _wrong_request)
    api.add_exception_handler(WrongBody, _wrong_body)
    api.add_exception_handler(MirrorBroken, _without_figures)
    api.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(error.status_code, _detail(request, error, headers), headers=headers)


def _detail(request: Request, error: StarletteHTTPException, headers: Mapping[str, str]) -> str:
    """What went wrong in our words, also where the framework refused it."""
    if error.status_code == 405:
        return f"This address takes {headers['Allow']}."
    if error.detail == HTTPStatus.NOT_FOUND.phrase:
        return f"There is no such address. All are described at {request.scope['root_path']}/docs."
    if isinstance(error.__cause__, RecursionError):
        return "The body cannot be read: it is nested too deeply."
    if isinstance(error.__cause__, UnicodeDecodeError):
        return "The body cannot be read: it is not UTF-8."
    return error.detail


async def _wrong_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    return _not_fitting(request, [place_and_words(each) for each in found[:MOST_FAULTS]], len(found))


async def _wrong_body(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WrongBody)
    return _not_fitting(request, error.faults, error.count)


def _not_fitting(request: Request, faults: Sequence[tuple[Place, str]], count: int) -> JSONResponse:
    wrong = [WrongField(pointer=_pointer(place), detail=words) for place, words in faults]
    words = f"The request does not fit{'' if request.method in ('GET', 'HEAD') else '; nothing of it was stored'}."
    if count > len(wrong):
        words += f" The first {len(wrong)} of {count:,} faults are named."
    return _problem(422, words, wrong, count)


async def _without_figures(request: Request, error: Exception) -> JSONResponse:
    """Figures cannot be had; the request was right, and may be sent again."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(503, str(error), headers={"Retry-After": "60"})


async def _broken(request: Request, error: Exception) -> JSONResponse:
    if trouble := trouble_of(error, settings().database_url):
        _log.warning("%s %s: %s", request.method, request.url.path, trouble)
        met_trouble(trouble, settings().database_url)
        return unavailable(request, trouble)
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "Something went wrong here. It has been noted; please try again later.")


def _methods(request: Request) -> list[str]:
    """All that the routes of this address take, which are several of one method each."""
    asked = {**request.scope, "path_params": {}}
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _documented(status: int) -> dict[str, Any]:
    return {
        "description": _DESCRIPTIONS.get(status, HTTPStatus(status).phrase),
        "headers": _HEADERS.get(status, {}),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemDetails"},
                "example": _example(status),
            }
        },
    }


def _example(status: int) -> dict[str, Any]:
    wrong = [WrongField(pointer="#/0/score", detail="Input should be a finite number")] if status == 422 else None
    title, words = HTTPStatus(status).phrase, _EXAMPLES[status]
    details = ProblemDetails(title=title, status=status, detail=words, errors=wrong, errors_count=None)
    return details.model_dump(exclude_none=True)


def _pointer(location: tuple[int | str, ...]) -> str:
    """`('body', 0, 'score')` as `#/0/score`; a parameter of the address as its name."""
    place, *steps = [str(step) for step in location if step not in ALTERNATIVES]
    pointer = "#" + "".join(f"/{step}" for step in steps) if place == "body" else "/".join(steps)
    return pointer[:_LONGEST_POINTER]
