"""When an access token was last used. Noted beside the request that used it, so that no request waits for a writer."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from data.models import AccessToken
from data.record import Record

BETWEEN_NOTES = timedelta(minutes=1)

_log = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(1, thread_name_prefix="token-use")
_waiting: set[tuple[str, int]] = set()
_waiting_lock = Lock()


def note_use(record: Record, token_id: int, last_used_at: datetime | None, now: datetime) -> None:
    """See to it that the record will hold this moment, unless it holds one of less than a minute ago."""
    if last_used_at is not None and now - last_used_at < BETWEEN_NOTES:
        return
    with _waiting_lock:
        if (record.url, token_id) in _waiting:
            return
        _waiting.add((record.url, token_id))
    _writer.submit(_write, record, token_id, now)


def _write(record: Record, token_id: int, now: datetime) -> None:
    try:
        with record.writing() as tx:
            tx.execute(update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now))
    except SQLAlchemyError:  # the token works all the same, and its next use is noted
        _log.exception("the use of access token %s could not be noted", token_id)
    finally:
        with _waiting_lock:
            _waiting.discard((record.url, token_id))
