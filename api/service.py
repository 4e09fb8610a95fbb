"""What the server does apart from answering: preparing before the first request, and releasing modules on time."""

import gc
import logging
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from threading import Event, Thread

from data.mirror import close_mirrors
from data.record import close_records
from data.settings import settings
from data.troubles import RecordTrouble, troubles_named
from progress.audit.noting import remove_expired
from progress.audit.reads import finish_noting
from progress.courses.class_enrolment import follow_due
from progress.courses.structure import apply_due_releases
from progress.people.sign_in import confirm_known_sessions
from queries.asking.ask import ask_open

SECONDS_BETWEEN_RELEASES = 15.0

# How long one of Python’s threads may keep the others waiting: a tenth of the usual. Recording gives its turn away at
# each of its dozen statements, and would wait for it as long again each time that the event loop has much to do.
_SECONDS_OF_A_TURN = 0.0005

_log = logging.getLogger(__name__)


def get_ready(packages: Iterable[str], libraries: Iterable[str]) -> None:
    """Load all code, build or catch up the mirror and make its views by a first question: no visitor waits for it.

    From then on threads take turns quickly.

    What is loaded by now is then taken out of garbage collection: walking through all loaded libraries takes 50 to
    100 ms.
    """
    for name in libraries:
        import_module(name)
    for name in packages:
        _load_all_of(name)
    ask_open("select count(*) from course")
    sys.setswitchinterval(_SECONDS_OF_A_TURN)
    gc.collect()
    gc.freeze()


def wind_down() -> None:
    """Close the mirror and the record, so that a copy of SQLite's file alone is the whole record.

    uvicorn ends the process by the signal that stopped it, which skips what Python does at its end. What stays frozen
    would be reported as leaked.
    """
    gc.unfreeze()
    finish_noting()
    close_mirrors()
    close_records()


@contextmanager
def releasing_modules(
    seconds_between: float = SECONDS_BETWEEN_RELEASES, *, keeps_schedule: bool = True
) -> Iterator[None]:
    """While this lasts, what is due is done: modules start or stop to count, classes to hold their learners.

    Old entries of the audit trail go, and so does what pages left in memory. Of several processes that serve together
    one `keeps_schedule`; the others look after their own memory alone.
    """
    stop = Event()
    acts = (*_SCHEDULE, *_OWN) if keeps_schedule else _OWN
    ticker = Thread(target=_release_until, args=(stop, seconds_between, acts), name="releases", daemon=True)
    ticker.start()
    try:
        yield
    finally:
        stop.set()
        ticker.join()


def _release_until(stop: Event, seconds_between: float, acts: Sequence[Callable[[datetime], None]]) -> None:
    while not stop.is_set():
        for act in acts:
            try:
                with troubles_named(settings().database_url):
                    act(datetime.now(UTC))
            except RecordTrouble as trouble:  # it may be away for a moment; the next tick makes up for this one
                _log.warning("what is due could not be done: %s: %s", act.__name__, trouble)
            except Exception:
                _log.exception("what is due could not be done: %s", act.__name__)
        stop.wait(seconds_between)


def _collect_garbage(_: datetime) -> None:
    """In place of Streamlit, which would collect after every run of a page (`runner.postScriptGC` in config.toml).

    One collection walks through what all open pages hold: 40 ms with 100 of them, more than a run itself takes.
    """
    gc.collect()


_SCHEDULE = (apply_due_releases, follow_due, remove_expired)
_OWN = (confirm_known_sessions, _collect_garbage)


def _load_all_of(package: str) -> None:
    """Import every module of a package but its command line."""
    for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
