"""In which process a request belongs: the first has everything but pages, and a page's files are where the page is.

Sign-in, API and schedule are the first process's alone, so their limits count whole and recordings share transactions.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence

from starlette.requests import cookie_parser

from api.callers.host_cookies import cookie_name
from api.processes.channel import Channel, Handover
from api.processes.page_counts import PAGE_COUNTS
from progress.people.sign_in import SESSION_COOKIE, token_mark

STREAM = "/_stcore/stream"
MEDIA = "/media/"
UPLOADS = "/_stcore/upload_file/"

FIRST = 0
_SECONDS_UNTIL_COUNTED = 1.0  # in which a page that was given a place is among those that its process says are open
_PAGES_MORE = 2  # that the process in which a sign-in's pages belong may hold than the emptiest

Headers = Sequence[tuple[bytes, bytes]]
Holds = Callable[[str, str], bool]


class Places:
    """What this process, number `here`, knows of the others."""

    def __init__(self) -> None:
        self.here = FIRST
        self.channels: dict[int, Channel] = {}  # to the processes that can take connections
        self._placed: deque[tuple[float, int]] = deque()
        self._holds_file: Holds = lambda mark, name: True
        self._holds_session: Holds = lambda mark, session: True

    @property
    def is_first(self) -> bool:
        return self.here == FIRST

    def know_files(self, holds_file: Holds, holds_session: Holds) -> None:
        """Whether a page in this process holds a file or takes an upload; by the mark of the sign-in."""
        self._holds_file, self._holds_session = holds_file, holds_session

    def elsewhere(self, path: str, headers: Headers, seen_by: Sequence[int]) -> int | None:
        """The process to which this request should go; None where it belongs here. `seen_by` passed it on before."""
        if not self.channels:
            return None
        if path.startswith((MEDIA, UPLOADS)):
            return None if self._holds(path, headers) else self._next(seen_by)
        if not self.is_first:
            return None if seen_by else FIRST
        return self._place_of_page(headers) if path == STREAM else None

    def hand_over(self, to: int, connection: int, arrived: bytes, seen_by: tuple[int, ...]) -> bool:
        """Give a connection, by its file's number, to another process. False where it cannot take it."""
        channel = self.channels.get(to)
        return channel is not None and channel.hand_over(connection, Handover(arrived, seen_by))

    def forget(self, process: int) -> None:
        """A process has ended, with all its pages."""
        self.channels.pop(process, None)
        PAGE_COUNTS.forget(process)

    def _holds(self, path: str, headers: Headers) -> bool:
        mark = _mark(headers)
        if path.startswith(UPLOADS):
            return self._holds_session(mark, path.removeprefix(UPLOADS).partition("/")[0])
        return self._holds_file(mark, path.removeprefix(MEDIA))

    def _next(self, seen_by: Sequence[int]) -> int | None:
        """Who looks for a file next: the first process asks one after the other, the others ask the first."""
        return next((process for process in self.channels if process not in seen_by or not self.is_first), None)

    def _place_of_page(self, headers: Headers) -> int | None:
        """The sign-in's own process, so that its pages share what they type, unless that one has much more to do."""
        processes = sorted([FIRST, *self.channels])
        load = self._load()
        own = processes[int(_mark(headers)[:8], 16) % len(processes)]
        emptiest = min(processes, key=lambda each: load[each])
        chosen = own if load[own] <= load[emptiest] + _PAGES_MORE else emptiest
        self._placed.append((time.monotonic(), chosen))
        return None if chosen == FIRST else chosen

    def _load(self) -> Counter[int]:
        while self._placed and time.monotonic() - self._placed[0][0] > _SECONDS_UNTIL_COUNTED:
            self._placed.popleft()
        return PAGE_COUNTS.of_process + Counter(process for _, process in self._placed)


def _mark(headers: Headers) -> str:
    cookies = b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")
    return token_mark(cookie_parser(cookies).get(cookie_name(SESSION_COOKIE), ""))


PLACES = Places()
