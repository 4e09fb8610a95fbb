"""Simulated visitors with open pages, speaking Streamlit's WebSocket protocol as browsers do."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from progress.people.sign_in import SESSION_COOKIE

_SECONDS_TO_OPEN = 120


class TurnedAway(Exception):
    """The server sent the page's browser to another address instead of running it."""


class OpenPage:
    """One tab, which waits for each run to end before the next, as people do."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def run(self, page: str) -> float:
        """Ask for the page, as a click does; returns the seconds until its run was over. Raises TurnedAway."""
        begun = time.perf_counter()
        request = BackMsg()
        request.rerun_script.page_name = page
        await self._connection.send(request.SerializeToString())
        while (kind := await self._next_kind()) != "script_finished":
            if kind == "auth_redirect":
                raise TurnedAway
        return time.perf_counter() - begun

    async def _next_kind(self) -> str:
        message = ForwardMsg()
        message.ParseFromString(bytes(await self._connection.recv(decode=False)))
        return str(message.WhichOneof("type"))


@asynccontextmanager
async def open_page(address: str, token: str) -> AsyncIterator[OpenPage]:
    """A tab signed in with this session's token."""
    async with connect(
        address.replace("http://", "ws://") + "/_stcore/stream",
        additional_headers={"Cookie": f"{SESSION_COOKIE}={token}"},
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(address),
        max_size=None,
        open_timeout=_SECONDS_TO_OPEN,
    ) as connection:
        yield OpenPage(connection)
