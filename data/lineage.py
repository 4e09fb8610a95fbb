"""Which history a record has: a copy of a record and the record itself part ways, and nothing may mix the two."""

from uuid import uuid4

from sqlalchemy import delete, update

from data.models import Base, RecordInfo, TransactionMark
from data.record import Transaction


def start_new_lineage(tx: Transaction) -> None:
    """Make the record another one than that which it was copied or restored from.

    Mirrors are built anew, devices start afresh, and nothing that a process remembers of the other record is taken for
    this one. A PostgreSQL server counts its transactions from wherever it is: rows that came from one that was further
    are numbered as of now, or each refresh would take them for new ones until this server has come as far.
    """
    tx.execute(update(RecordInfo).values(record_uuid=str(uuid4())))
    tx.execute(delete(TransactionMark).where(TransactionMark.number != tx.number))
    for table in Base.metadata.sorted_tables:
        if "changed_in" in table.c:
            tx.execute(update(table).where(table.c.changed_in > tx.number).values(changed_in=tx.number))
