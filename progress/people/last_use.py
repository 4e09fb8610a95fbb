"""When an access token or a session was last used: noted in the background, so that no request waits for a writer."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeAlias

from sqlalchemy import bindparam, update
from sqlalchemy.exc import SQLAlchemyError

from data.models import AccessToken, SignInSession
from data.record import Record
from data.row import change_rows

BETWEEN_NOTES = timedelta(minutes=1)

_Used: TypeAlias = type[AccessToken] | type[SignInSession]

_NOTES: dict[_Used, Any] = {
    AccessToken: update(AccessToken).where(AccessToken.id == bindparam("key")).values(last_used_at=bindparam("at")),
    SignInSession: update(SignInSession)
    .where(SignInSession.token_hash == bindparam("key"))
    .values(last_seen_at=bindparam("at")),
}
_log = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(1, thread_name_prefix="last-use")
_waiting: dict[tuple[Record, _Used, int | str], datetime] = {}
_lock = Lock()


def note_use(record: Record, used: _Used, key: int | str, last_used_at: datetime | None) -> None:
    """Queue the current moment to be stored, unless the stored one is less than a minute old."""
    now = datetime.now(UTC)
    if last_used_at is not None and abs(now - last_used_at) < BETWEEN_NOTES:
        return
    with _lock:
        is_first = not _waiting
        _waiting.setdefault((record, used, key), now)
    if is_first:
        _writer.submit(_write)


def _write() -> None:
    """Store everything queued, in one transaction for each record."""
    with _lock:
        uses = dict(_waiting)
    for record in {record for record, _, _ in uses}:
        try:
            with record.writing() as tx:
                for used, change in _NOTES.items():
                    keys = [
                        {"key": key, "at": at} for (of, model, key), at in uses.items() if (of, model) == (record, used)
                    ]
                    change_rows(tx, change, keys)
        except SQLAlchemyError:  # nobody depends on it, and the next use tries again
            _log.exception("the last use of %s sessions and tokens could not be noted", len(uses))
    with _lock:
        for each in uses:
            _waiting.pop(each, None)
        is_more = bool(_waiting)
    if is_more:
        _writer.submit(_write)
