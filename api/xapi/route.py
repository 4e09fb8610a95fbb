"""Who may use a door of xAPI's, and which errors of what lies behind it are which answers."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.routing import APIRoute

from api.answers.problems import documented
from api.callers.signed_in import viewer_of_request
from api.xapi.versions import check_version
from progress.xapi.record.attachments import TooMuchAttached
from progress.xapi.record.judging import Conflict, StatementRefused, VoidsVoiding
from progress.xapi.statement.values import InvalidStatement

_SAFE_METHODS = frozenset({"GET", "HEAD"})


class StatementRoute(APIRoute):
    """A route for programs that bring an access token, as Bearer or as the password of Basic, and name the version."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.scope = "read" if set(options.get("methods") or ["GET"]) <= _SAFE_METHODS else "record"
        options["responses"] = documented(400, 401, 403, 429, 503) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)
        self.description += f"\n\nAn access token needs the scope `{self.scope}`."

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_signed_in(request: Request) -> Response:
            request.state.viewer = await viewer_of_request(request, self.scope, allow_basic=True)
            check_version(request.headers)
            return await answer(request)

        return answer_signed_in


def add_reading_route(router: APIRouter, path: str, endpoint: Callable[..., Any], **documented: Any) -> None:
    """Let GET be answered at this path, and HEAD in the same way: the server leaves the body out."""
    router.add_api_route(path, endpoint, methods=["GET"], **documented)
    router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, response_model=None)


@contextmanager
def plain_statuses() -> Iterator[None]:
    """Errors of statements as the statuses that the specification has for them."""
    try:
        yield
    except (InvalidStatement, VoidsVoiding) as error:
        raise HTTPException(400, f"{error} Nothing was stored.") from None
    except Conflict as error:
        raise HTTPException(409, f"{error} Nothing was stored.") from None
    except TooMuchAttached as error:
        raise HTTPException(413, f"{error} Nothing was stored.") from None
    except StatementRefused as error:
        raise HTTPException(403, f"{error} Nothing was stored.") from None
