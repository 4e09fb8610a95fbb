"""`/docs` and `/openapi.json` of an API: for those who are signed in, or for everyone where the settings say so."""

from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api.callers.paths import sign_in_path
from api.callers.signed_in import NotSignedIn, viewer_of_request
from api.reference.operations import groups_of, objects_of
from data.settings import settings

_TEMPLATES = Jinja2Templates(directory=Path(__file__).parent)
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
_HEADERS = {"Content-Security-Policy": f"{_POLICY}frame-ancestors 'none'"}
# Without HTML, so that what it makes can stand in a page as it is.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def describe(api: FastAPI, root: str) -> None:
    """Give an API that is mounted at `root` its two routes; FastAPI's own must be off."""

    async def document(request: Request) -> Response:
        await _require_reader(request)
        return JSONResponse({"servers": [{"url": root}], **api.openapi()})

    async def reference(request: Request) -> Response:
        try:
            await _require_reader(request)
        except NotSignedIn:
            return RedirectResponse(sign_in_path(f"{root}/docs"), 303)
        return Response(_page(api, root), media_type="text/html", headers=_HEADERS)

    api.router.routes += [Route("/openapi.json", document), Route("/docs", reference)]


async def _require_reader(request: Request) -> None:
    """Raises what `viewer_of_request` raises, unless everyone may read."""
    if not settings().docs_are_open:
        await viewer_of_request(request, "read")


@cache
def _page(api: FastAPI, root: str) -> str:
    document = api.openapi()
    page = _TEMPLATES.get_template("reference.html")
    return page.render(
        title=api.title if api.title.endswith("API") else f"{api.title} API",
        version=api.version,
        root=root,
        introduction=api.description,
        groups=groups_of(document, root),
        objects=objects_of(document),
        markdown=lambda text: Markup(_MARKDOWN.render(text)),
    )
