"""The marks that distinguish one history of a record from another."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import CLUSTERED, Base


class TransactionMark(Base):
    """A random mark that a write transaction left. A restored copy lacks the marks of transactions after it.

    `oldest_running` is the number of the oldest transaction that was still running when this one began; on SQLite,
    which runs one at a time, its own. Only the newest marks are kept. The mark is part of the key because a PostgreSQL
    record that moves to another server can get the same numbers again.
    """

    __tablename__ = "transaction_marks"
    __table_args__ = CLUSTERED

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    oldest_running: Mapped[int] = mapped_column(BigInteger)
