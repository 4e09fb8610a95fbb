"""What all tables share: naming of constraints, times in UTC, and the column by which the mirror finds changed rows."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# On SQLite only a column of exactly the type INTEGER gets ids by itself.
BigId = BigInteger().with_variant(Integer, "sqlite")

# SQLite then stores rows in primary key order, so that a learner's rows are next to each other.
CLUSTERED = {"sqlite_with_rowid": False}


class UtcTime(TypeDecorator[datetime]):
    """A moment. Python sees aware UTC datetimes; PostgreSQL stores timestamptz, SQLite microseconds since 1970.

    Microseconds take a third of the size of SQLite's text dates, and columnar readers need not parse them.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + timedelta(microseconds=value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Mirrored:
    """A table that DuckDB mirrors. `changed_in` is the number of the transaction that last wrote the row."""

    changed_in: Mapped[int] = mapped_column(BigInteger, index=True, sort_order=900)


def one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    """A constraint that the column has one of the allowed words."""
    return CheckConstraint(f"{column} in ({', '.join(repr(word) for word in allowed)})", name=f"{column}_known")
