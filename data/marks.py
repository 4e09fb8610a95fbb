"""The random marks that write transactions leave, which distinguish histories of a record.

A restored copy lacks the marks of transactions that came after it, and further writes leave other marks.
"""

import secrets
from typing import Any

from sqlalchemy import Connection, text

MARKS_KEPT = 100_000
_PRUNED_EVERY = 1_024  # numbers

_NUMBER = (
    "update record_info set change_number = change_number + 1 returning change_number, structure_number, record_uuid"
)
_SQLITE_MARK = "insert into transaction_marks (number, mark, oldest_running) values (?, ?, ?)"
# One statement, so that numbering a transaction takes one round trip. The mark is a row of its own, so that writers do
# not wait for each other.
_POSTGRESQL_MARK = text("""
    with left_mark as (
        insert into transaction_marks (number, mark, oldest_running)
        values (
            pg_current_xact_id()::text::bigint, :mark, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        )
        returning number
    )
    select number, structure_number, record_uuid from left_mark, record_info
""")
_PRUNE = {
    "sqlite": text("delete from transaction_marks where number <= :number - :kept"),
    # Rows that another transaction is pruning are skipped, so that nobody waits.
    "postgresql": text("""
        delete from transaction_marks where (number, mark) in (
            select number, mark from transaction_marks
            where number <= (select number from transaction_marks order by number desc offset :kept limit 1)
            for update skip locked
        )
    """),
}


def leave_mark(connection: Connection) -> tuple[int, int, str, int]:
    """Number the write transaction that has just begun and leave its mark.

    Returns the number, the mark of the last change of structure, the record's UUID and the mark.
    """
    mark = secrets.randbits(62)
    is_sqlite = connection.dialect.name == "sqlite"
    number, structure_mark, record_uuid = (_in_sqlite if is_sqlite else _in_postgresql)(connection, mark)
    if number % _PRUNED_EVERY == 0:
        connection.execute(_PRUNE[connection.dialect.name], {"number": number, "kept": MARKS_KEPT})
    return number, structure_mark, record_uuid, mark


def _in_sqlite(connection: Connection, mark: int) -> Any:
    driver: Any = connection.connection.driver_connection
    numbered = driver.execute(_NUMBER).fetchone()
    driver.execute(_SQLITE_MARK, (numbered[0], mark, numbered[0]))
    return numbered


def _in_postgresql(connection: Connection, mark: int) -> Any:
    return connection.execute(_POSTGRESQL_MARK, {"mark": mark}).one()
