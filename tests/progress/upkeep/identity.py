"""Which record it is, and in which file."""

from pathlib import Path

from sqlalchemy import text

from data.record import Record


def file_of(record: Record) -> Path:
    return Path(record.engine.url.database or "")


def uuid_of(record: Record) -> str:
    with record.reading() as connection:
        return str(connection.scalar(text("select record_uuid from record_info")))
