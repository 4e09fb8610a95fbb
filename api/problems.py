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

# How the alternatives that a body can be are called; they are no part of the body itself.
ALTERNATIVES = ("one", "many")

# What a program can do about an answer, where the status alone does not say it.
_DESCRIPTIONS = {
    401: "Not signed in, or the access token is not valid.",
    403: "The access token lacks the scope, or a page of another site made the request.",
    404: "It does not exist, or is not for you to see.",
    413: "The body is too large: send it in parts.",
    415: "The body is not sent as what is taken here.",
    422: "The request does not fit; `errors` says where.",
    429: "Too many requests: wait for as long as `Retry-After` says.",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "How to sign in (RFC 6750).", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}

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


class NotFound(HTTPException):
    """The same for what does not exist and for what the viewer may not see: nobody learns which of the two it is."""

    def __init__(self) -> None:
        super().__init__(404, "There is no such learner, course, unit or class among those you may see.")


def problem(
    status: int, detail: str, errors: Sequence[WrongField] = (), *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    details = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors) or None)
    content = details.model_dump(exclude_none=True)
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers for an operation's documentation."""
    return {status: _documented(status) for status in statuses}


def answer_with_problems(api: FastAPI) -> None:
    """Let every error of this API, whose routes are all there by now, leave as problem details."""
    _, described = models_json_schema([(ProblemDetails, "serialization")], ref_template="#/components/schemas/{model}")
    api.openapi()["components"]["schemas"].update(described["$defs"])
    api.add_exception_handler(StarletteHTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _wrong_request)
    api.add_exception_handler(Exception, _broken)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    return problem(error.status_code, error.detail, headers=error.headers)


async def _wrong_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [WrongField(pointer=_pointer(found["loc"]), detail=found["msg"]) for found in error.errors()]
    return problem(422, "The request does not fit; nothing of it was stored.", wrong)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "Something went wrong here. It has been noted; please try again later.")


def _documented(status: int) -> dict[str, Any]:
    return {
        "description": _DESCRIPTIONS.get(status, HTTPStatus(status).phrase),
        "headers": _HEADERS.get(status, {}),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }


def _pointer(location: tuple[int | str, ...]) -> str:
    """`('body', 0, 'score')` as `#/0/score`; a parameter of the address as its name."""
    place, *steps = [str(step) for step in location if step not in ALTERNATIVES]
    return "#" + "".join(f"/{step}" for step in steps) if place == "body" else "/".join(steps)
