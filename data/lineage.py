"""A record's lineage: a record and its copy have different histories from then on, which nothing may mix."""

from uuid import uuid4

from sqlalchemy import delete, update

from data.models import Base, RecordInfo, TransactionMark
from data.record import Transaction


def start_new_lineage(tx: Transaction) -> None:
    """Make the record distinct from the one that it was copied or restored from.

    Mirrors are rebuilt, devices start afresh, and no process uses what it cached of the other record. Every PostgreSQL
    server has its own transaction counter: rows from a server with a higher one are renumbered as of now, or each
    refresh would take them for new ones until this server's counter has caught up.
    """
    tx.execute(update(RecordInfo).values(record_uuid=str(uuid4())))
    tx.execute(delete(TransactionMark).where(TransactionMark.number != tx.number))
    for table in Base.metadata.sorted_tables:
        if "changed_in" in table.c:
            tx.execute(update(table).where(table.c.changed_in > tx.number).values(changed_in=tx.number))
