"""A fair queue: few work at once, and people take turns, however much each of them asks for."""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class _Ticket:
    """One piece of work. `called` once it may begin, at `begun_at`."""

    def __init__(self, person: object) -> None:
        self.person = person
        self.called = Event()
        self.begun_at = 0.0


class Turns:
    """At most `at_once` work side by side, `for_a_person` of them for one person; who waits is called person by person.

    Work that takes longer than `seconds` keeps nobody waiting: it goes on, and counts no more.
    """

    def __init__(self, at_once: int, for_a_person: int, seconds: float) -> None:
        self._at_once = at_once
        self._for_a_person = for_a_person
        self._seconds = seconds
        self._lock = Lock()
        self._working: set[_Ticket] = set()
        self._waiting: OrderedDict[object, deque[_Ticket]] = OrderedDict()  # who is next comes first

    @contextmanager
    def turn(self, person: object) -> Iterator[None]:
        """Wait for one's turn; it ends with the block, however that is left."""
        ticket = _Ticket(person)
        with self._lock:
            self._waiting.setdefault(person, deque()).append(ticket)
            self._call_next()
        try:
            while not ticket.called.wait(self._seconds / 4):
                with self._lock:  # no turn may have ended, but become too long to count
                    self._call_next()
            yield
        finally:
            with self._lock:
                self._leave(ticket)
                self._call_next()

    def _call_next(self) -> None:
        """Call those who are next, as long as there is room. The caller holds the lock."""
        counted = Counter(each.person for each in self._working if time.monotonic() - each.begun_at < self._seconds)
        for person in list(self._waiting):
            if counted.total() >= self._at_once:
                return
            if counted[person] < self._for_a_person:
                counted[person] += 1
                self._call(person)

    def _call(self, person: object) -> None:
        waiting = self._waiting[person]
        ticket = waiting.popleft()
        ticket.begun_at = time.monotonic()
        self._working.add(ticket)
        ticket.called.set()
        self._waiting.move_to_end(person)
        if not waiting:
            del self._waiting[person]

    def _leave(self, ticket: _Ticket) -> None:
        self._working.discard(ticket)
        waiting = self._waiting.get(ticket.person)
        if waiting and ticket in waiting:
            waiting.remove(ticket)
            if not waiting:
                del self._waiting[ticket.person]
