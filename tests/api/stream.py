"""A page's open connection, as Streamlit's own page in the browser speaks it."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from progress.people.sign_in import SESSION_COOKIE

PATH = "/_stcore/stream"


@contextmanager
def stream(
    address: str, token: str | None, *, path: str = PATH, origin: str | None = "", resumed: str = ""
) -> Iterator[ClientConnection]:
    """An open connection with this session's token; `origin` is the app's own unless another or None is given.

    `resumed` is the id of the Streamlit session that a browser wants to go on with after it lost its connection.
    """
    headers = {"Cookie": f"{SESSION_COOKIE}={token}"} if token is not None else {}
    url = address.replace("http://", "ws://") + path
    own = address if origin == "" else origin
    spoken = [Subprotocol(entry) for entry in ("streamlit", "unused", resumed)[: 3 if resumed else 1]]
    with connect(url, additional_headers=headers, subprotocols=spoken, origin=own, max_size=None) as connection:
        yield connection


def run_page(connection: ClientConnection, page: str = "", query: str = "") -> list[ForwardMsg]:
    """Ask for a page, by its path in the address bar, and return all that the server sends until its run is over."""
    ask_for(connection, page, query)
    answers = [next_answer(connection)]
    while answers[-1].WhichOneof("type") != "script_finished":
        answers.append(next_answer(connection))
    return answers


def ask_for(connection: ClientConnection, page: str, query: str = "") -> None:
    request = BackMsg()
    request.rerun_script.page_name = page
    request.rerun_script.query_string = query
    connection.send(request.SerializeToString())


def next_answer(connection: ClientConnection) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(connection.recv(timeout=30))
    return message


def rest_of(connection: ClientConnection) -> tuple[list[ForwardMsg], int]:
    """All that still comes until the server closes the connection, and the code with which it does."""
    answers: list[ForwardMsg] = []
    try:
        while True:
            answers.append(next_answer(connection))
    except ConnectionClosed as closed:
        return answers, closed.rcvd.code if closed.rcvd else 0


def page_paths(answers: list[ForwardMsg]) -> set[str]:
    """The pages in the navigation of what was sent."""
    return {
        page.url_pathname
        for answer in answers
        if answer.WhichOneof("type") == "navigation"
        for page in answer.navigation.app_pages
    }
