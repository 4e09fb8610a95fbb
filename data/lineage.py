"""Which history a record has: a copy of a record and the record itself part ways, and nothing may mix the two."""

from uuid import uuid4

from sqlalchemy import update

from data.models import RecordInfo
from data.record import Transaction


def start_new_lineage(tx: Transaction) -> None:
    """Make the record another one than that which it was copied or restored from.

    Mirrors are built anew, devices start afresh, and nothing that a process remembers of the other record is taken for
    this one.
    """
    tx.execute(update(RecordInfo).values(record_uuid=str(uuid4())))
