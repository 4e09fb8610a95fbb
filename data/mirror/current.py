"""The mirror of the current record: one per process, opened on first use.

If its database fails, another one replaces it without a restart, and every question is asked once more.
"""

import atexit
import logging
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TypeVar

import duckdb
import pyarrow as pa

from data.mirror.failures import MirrorBroken, MirrorReplaced, QuestionFails, loses_the_database
from data.mirror.mirror import Mirror
from data.mirror.staleness import bring_up
from data.record import open_record
from data.settings import settings

SECONDS_NOT_ASKED = 600.0

_TIMES = 2  # how often to ask a question at which the database fails
_MOST_TIMES = 20  # how often to ask it if others break the database meanwhile

_T = TypeVar("_T")
_mirrors: dict[tuple[str, Path], Mirror] = {}
_opening = Lock()
_refused: dict[Hashable, float] = {}  # questions that broke a database twice, and when

_log = logging.getLogger(__name__)


def current_mirror() -> Mirror:
    """The mirror of the current record, not refreshed if it is new. A broken one is replaced."""
    chosen = settings()
    key = (chosen.database_url, chosen.var / "mirror" / "mirror.duckdb")  # DuckDB names the catalog after the file
    with _opening:
        if key in _mirrors and _mirrors[key].is_broken:
            _mirrors.pop(key).close()
            _log.warning("The mirror's database is being opened anew.")
        if key not in _mirrors:
            _mirrors[key] = Mirror(open_record(chosen.database_url), key[1])
        return _mirrors[key]


def with_mirror(ask: Callable[[Mirror], _T], question: Hashable = None) -> _T:
    """The result of `ask` for the refreshed mirror, or for its replacement if its database fails for any reason.

    A question that itself breaks the database is asked once more. If that fails too, QuestionFails is raised, and for
    ten minutes immediately, so that the same `question` does not keep disturbing others. Raises MirrorBroken if two
    mirrors in a row cannot be refreshed.
    """
    _raise_if_refused(question)
    failures = {"refresh": 0, "question": 0}
    for _ in range(_MOST_TIMES):
        mirror = current_mirror()
        try:
            bring_up(mirror)
            return ask(mirror)
        except MirrorReplaced:
            continue
        except MirrorBroken:
            failures["refresh"] += 1
            if failures["refresh"] == _TIMES:
                raise
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            failures["question"] += _is_its_fault(mirror, error)
            if failures["question"] == _TIMES:
                _refused[question] = monotonic()
                raise QuestionFails from error
    raise MirrorBroken


def close_mirrors() -> None:
    """Close what `current_mirror` opened, so that its files are complete and free for others."""
    with _opening:
        while _mirrors:
            _mirrors.popitem()[1].close()


def _is_its_fault(mirror: Mirror, error: Exception) -> bool:
    """Whether this question broke the mirror, which is then given up. Raises the error if nothing is broken."""
    if loses_the_database(error):
        return mirror.give_up(error)
    if not mirror.is_broken:
        raise error
    return False


def _raise_if_refused(question: Hashable) -> None:
    for asked, at in list(_refused.items()):
        if monotonic() - at > SECONDS_NOT_ASKED:
            _refused.pop(asked, None)
    if question is not None and question in _refused:
        raise QuestionFails


atexit.register(close_mirrors)
