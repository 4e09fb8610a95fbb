"""Counting the readers of a mirror's database, whose file can be reopened only when there are none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition


class Readers:
    def __init__(self) -> None:
        self._count = 0
        self._changed = Condition()
        self._then: Callable[[], None] | None = None

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()
                if self._count == 0 and self._then:
                    self._then()

    def when_gone(self, act: Callable[[], None], *, within: float) -> None:
        """Call `act` once nobody reads: before returning if that is `within` seconds, else when the last one leaves."""
        with self._changed:
            if self._changed.wait_for(lambda: self._count == 0, timeout=within):
                act()
            else:
                self._then = act
