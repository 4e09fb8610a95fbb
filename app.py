"""The server: Streamlit's pages behind the gate, sign-in pages, and the routes for programs. Wiring only."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from pathlib import Path

import streamlit as st
import streamlit.config
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.file_util import get_static_dir
from streamlit.proto.AuthRedirect_pb2 import AuthRedirect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from api.callers.host_cookies import HostCookies
from api.callers.programs import ProgramsBeside
from api.entrance.clips import CLIP_ROUTES
from api.entrance.failures import Failures
from api.entrance.gate import Gate
from api.entrance.health import HEALTH_ROUTES
from api.entrance.open_files import raise_open_files
from api.entrance.open_pages import person_of
from api.entrance.open_streams import ending_streams
from api.entrance.security_headers import SecurityHeaders
from api.entrance.shell import Shell
from api.entrance.sign_in_pages import SIGN_IN_ROUTES
from api.processes.places import PLACES
from api.processes.together import serving_together
from api.service import get_ready, releasing_modules, wind_down
from api.v1.application import API_ROUTES
from api.xapi.application import XAPI_ROUTES
from data.file_modes import keep_new_files_private, make_files_private
from data.mirror import MirrorBroken
from data.readiness import require_ready, require_whole
from data.record import current_record
from data.settings import connection_limits, processes, settings
from data.troubles import RecordTrouble, trouble_of, troubles_named
from data.usable import met_trouble
from pages.widgets.running.page_turns import take_turns
from pages.widgets.running.session_files import holds_file, holds_session
from pages.widgets.running.theme_message import build_theme_once

# All of ours, and the libraries that others load only when they first need them.
_PACKAGES = ("charts", "pages.teacher.recording", "pages.widgets", "progress", "queries")
_LIBRARIES = ("pandas", "plotly.graph_objects", "plotly.io", "plotly.tools", "pyarrow")

_INDEX = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    PLACES.know_files(holds_file, holds_session)
    async with serving_together(processes() if PLACES.is_first else 1) as others_are_ready:
        await to_thread.run_sync(get_ready, _PACKAGES, _LIBRARIES)
        await others_are_ready()
        with releasing_modules(keeps_schedule=PLACES.is_first):
            async with ending_streams():
                yield
    wind_down()


def leading_to(path: str) -> bytes:
    """What Streamlit's own sign-in sends a page's browser to another address with."""
    return bytes(ForwardMsg(auth_redirect=AuthRedirect(url=path)).SerializeToString())


def show_plain_words(error: Exception) -> bool:
    """What went wrong goes to the log; the person on the page learns what to do. True: Streamlit shows nothing."""
    if trouble := trouble_of(error, settings().database_url):
        _log.warning("a page failed: %s", trouble)
        met_trouble(trouble, settings().database_url)
        st.error(f"{trouble.plain} Nothing was saved. Try again in a few minutes.")
        return True
    _log.error("a page failed", exc_info=error)
    usual = "Something went wrong on this page. Nothing that was recorded is lost. Reload the page to try again."
    st.error(str(error) if isinstance(error, MirrorBroken) else usual)
    return True


keep_new_files_private()
try:
    with troubles_named(settings().database_url):
        require_ready(current_record())
        require_whole(current_record())
except RecordTrouble as trouble:
    sys.exit(str(trouble))
for open_to_others in make_files_private(settings()):
    _log.warning(open_to_others)

raise_open_files()
take_turns(person_of, ceil(connection_limits().page_runs / processes()))
build_theme_once()

# As `streamlit run app.py` does it: script and configuration are then found wherever the server was started from.
streamlit.config._main_script_path = __file__

# Streamlit gives uvicorn's log of requests a handler of its own, even if uvicorn is to keep none.
logging.getLogger("uvicorn.access").disabled = "--no-access-log" in sys.argv

app = st.App(
    "pages/navigation.py",
    lifespan=lifespan,
    routes=[SIGN_IN_ROUTES, CLIP_ROUTES],
    middleware=[
        Middleware(Failures),
        Middleware(SecurityHeaders, page=_INDEX),
        Middleware(ProgramsBeside, routes=HEALTH_ROUTES),
        Middleware(TrustedHostMiddleware, allowed_hosts=settings().hosts or ["*"], www_redirect=False),
        Middleware(HostCookies),
        Middleware(ProgramsBeside, routes=[API_ROUTES, XAPI_ROUTES]),
        Middleware(Gate, leading_to=leading_to, holds_file=holds_file, holds_session=holds_session),
        Middleware(Shell, index=_INDEX),
    ],
    on_script_error=show_plain_words,
)
