"""Records that begin anew: the content goes, the connections and what was prepared for them stay."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from data.record import Record

_NEW_IDENTITY = text("update record_info set record_uuid = :uuid")


def become_another(record: Record) -> None:
    """Give a copied record an identity of its own: whatever is remembered of the other one is then not taken for it."""
    with record.engine.begin() as connection:
        connection.execute(_NEW_IDENTITY, {"uuid": str(uuid.uuid4())})


def renew(record: Record, migrated: Path) -> None:
    """Turn a SQLite record, whatever it holds, into another one that is as empty as the migrated file."""
    with closing(sqlite3.connect(migrated)) as empty, closing(sqlite3.connect(record.engine.url.database)) as worn:
        empty.backup(worn)
    become_another(record)
