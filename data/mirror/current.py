"""The mirror of the record that the settings name: one per process, opened when first asked for.

When its database fails, nobody needs to restart anything: another one takes its place, and every question that it was
asked is asked once more.
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

_TIMES = 2  # that a question is asked which the database fails at
_MOST_TIMES = 20  # that it is asked when others break the database meanwhile

_T = TypeVar("_T")
_mirrors: dict[tuple[str, Path], Mirror] = {}
_opening = Lock()
_refused: dict[Hashable, float] = {}  # questions that broke a database twice, with when they did

_log = logging.getLogger(__name__)


def current_mirror() -> Mirror:
    """The mirror of the current record, not yet refreshed when it is new. One that broke is replaced by a new one."""
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
    """What `ask` makes of the refreshed mirror; of the next one if its database fails, whoever's fault that is.

    A question at which it fails by itself is asked once more. If it fails again, QuestionFails is raised, and for ten
    minutes at once, so that the same `question` does not disturb the others over and over. Raises MirrorBroken if two
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
    """Close what `current_mirror` opened, so that the files are complete and free for others."""
    with _opening:
        while _mirrors:
            _mirrors.popitem()[1].close()


def _is_its_fault(mirror: Mirror, error: Exception) -> bool:
    """Whether the question is what broke the mirror, which then is given up. Raises its error if nothing is broken."""
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
