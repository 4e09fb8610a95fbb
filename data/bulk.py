"""Moving many rows between polars and the record inside a write transaction. Knows no rules of Waymark."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Select,
    String,
    Table,
    any_,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from data.models.base import Base, UtcTime
from data.record import Transaction


def upsert(tx: Transaction, model: type[Base], frame: pl.DataFrame, *, keep_existing: bool = False) -> int:
    """Write the frame's rows, by primary key. Columns of the frame are columns of the table; the rest keep or default.

    `keep_existing` leaves rows alone that exist under any unique key. `changed_in` is stamped here. Returns how many
    rows were written.
    """
    table: Table = model.__table__  # type: ignore[assignment]
    if frame.is_empty():
        return 0
    if "changed_in" in table.c:
        frame = frame.with_columns(changed_in=pl.lit(tx.number, pl.Int64))
    clause = _conflict_clause(table, frame.columns, keep_existing)
    insert = _insert_sqlite if tx.is_sqlite else _insert_postgresql
    return insert(tx, table, frame, clause)


def rows_where(tx: Transaction, statement: Select[*tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    """The statement's rows as a frame with this schema; datetimes become naive UTC microseconds.

    For thousands of rows; `data.columnar` reads millions.
    """
    times = [name for name, kind in schema.items() if kind == pl.Datetime("us")]
    raw: Any = pl.Int64 if tx.is_sqlite else pl.Datetime("us", "UTC")
    rows = tx.execute(_with_raw_times(statement) if tx.is_sqlite else statement).all()
    frame = pl.DataFrame(rows, schema={**schema, **dict.fromkeys(times, raw)}, orient="row")
    if tx.is_sqlite:
        return frame.with_columns(pl.col(times).cast(pl.Datetime("us")))
    return frame.with_columns(pl.col(times).dt.replace_time_zone(None))


def _with_raw_times(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Read SQLite's microseconds as integers: creating a datetime for each would take most of the time."""
    columns = [
        type_coerce(column, BigInteger).label(column.name) if isinstance(column.type, UtcTime) else column
        for column in statement.selected_columns
    ]
    return statement.with_only_columns(*columns, maintain_column_froms=True)


def matches_any(tx: Transaction, column: Any, values: Iterable[Any]) -> Any:
    """`column in (values)` with the list as a single parameter, so that its length does not matter."""
    return _any_of(
        column, bindparam(None, list_parameter(tx, values), type_=_list_type(column, tx.is_sqlite)), tx.is_sqlite
    )


def any_of(column: Any, name: str, is_sqlite: bool) -> Any:
    """The same for a statement that is built once: pass `list_parameter(…)` as the parameter with this name."""
    return _any_of(column, bindparam(name, type_=_list_type(column, is_sqlite)), is_sqlite)


def list_parameter(tx: Transaction, values: Iterable[Any]) -> Any:
    """The values as a parameter for `any_of`."""
    return json.dumps(list(values)) if tx.is_sqlite else list(values)


def _any_of(column: Any, values: BindParameter[Any], is_sqlite: bool) -> Any:
    if is_sqlite:
        return column.in_(select(func.json_each(values).table_valued("value").c.value))
    return column == any_(values)


def _list_type(column: Any, is_sqlite: bool) -> Any:
    return String() if is_sqlite else postgresql.ARRAY(column.type)


def _conflict_clause(table: Table, columns: Sequence[str], keep_existing: bool) -> str:
    if keep_existing:
        return "on conflict do nothing"
    key = [column.name for column in table.primary_key]
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"on conflict ({', '.join(key)}) do update set {changed}"


def _insert_sqlite(tx: Transaction, table: Table, frame: pl.DataFrame, clause: str) -> int:
    """Insert rows; values that all rows share are bound once per statement."""
    times = [name for name in frame.columns if isinstance(table.c[name].type, UtcTime)]
    whole = frame.with_columns(pl.col(times).cast(pl.Datetime("us")).cast(pl.Int64), pl.col(pl.Date).cast(pl.String))
    varying = [name for name in whole.columns if whole.height == 1 or not _is_constant(whole[name])] or whole.columns
    shared = {name: whole[name][0] for name in whole.columns if name not in varying}
    insert = _insert_through_table if whole.height >= _WORTH_A_TABLE else _insert_rows
    cursor: Any = tx.connection.connection.cursor()
    written_count = insert(cursor, table.name, shared, whole.select(varying), clause)
    cursor.close()
    return written_count


# Before a statement changes a page, SQLite copies it, and an index whose keys come in no order has another page for
# each row. So few statements insert all rows, each from a table of its own: a million events in a fifth of the time.
# The copies are in memory, 8 KB a row at most.
_WORTH_A_TABLE = 10_000
_ROWS_A_STATEMENT = 250_000


def _insert_through_table(cursor: Any, table: str, shared: dict[str, Any], whole: pl.DataFrame, clause: str) -> int:
    names, every_name = _quoted(whole.columns), _quoted([*shared, *whole.columns])
    values = "".join("?, " for _ in shared)
    written_count = 0
    with _large_cache(cursor):
        for rows in whole.iter_slices(_ROWS_A_STATEMENT):
            cursor.execute(f"create temp table incoming ({names})")
            _insert_rows(cursor, "incoming", {}, rows, "", size=1000)
            selected = f"select {values}{names} from incoming where true"  # without it, "on" would begin a join
            cursor.execute(f"insert into {table} ({every_name}) {selected} {clause}", tuple(shared.values()))
            written_count += cursor.rowcount
            cursor.execute("drop table incoming")
    return written_count


@contextmanager
def _large_cache(cursor: Any) -> Iterator[None]:
    """A gigabyte for SQLite's pages: the indexes of a large record are read and written once, not again for each row.

    Pages that were changed stay in memory until they are written, whatever the limit is by then.
    """
    (default,) = cursor.execute("pragma cache_size").fetchone()
    cursor.execute("pragma cache_size = -1048576")
    try:
        yield
    finally:
        cursor.execute(f"pragma cache_size = {default}")


def _insert_rows(
    cursor: Any, table: str, shared: dict[str, Any], whole: pl.DataFrame, clause: str, size: int = 100
) -> int:
    """Insert `size` rows per statement, which is faster than row by row. No table has too many columns for 1,000."""
    batched_count = whole.height - whole.height % size
    written_count = 0
    for rows, many in ((whole[:batched_count], size), (whole[batched_count:], 1)):
        if rows.height:
            statement = _sqlite_insert(table, (*shared, *whole.columns), len(shared), many)
            cursor.executemany(f"{statement} {clause}", _bound(tuple(shared.values()), rows, many))
            written_count += cursor.rowcount
    return written_count


def _is_constant(values: pl.Series) -> bool:
    return bool(values[0] == values[-1] and values.eq_missing(values[0]).all())


@lru_cache(maxsize=128)
def _sqlite_insert(table: str, columns: tuple[str, ...], shared_count: int, size: int) -> str:
    """An insert of `size` rows whose first `shared_count` columns are the first parameters in every row.

    A row's own parameters have no numbers, because SQLite searches for each number among all earlier ones.
    """
    row = ", ".join([*(f"?{number + 1}" for number in range(shared_count)), *["?"] * (len(columns) - shared_count)])
    return f"insert into {table} ({_quoted(columns)}) values {', '.join([f'({row})'] * size)}"


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(map(sqlite.dialect().identifier_preparer.quote, columns))


def _bound(shared: tuple[Any, ...], rows: pl.DataFrame, size: int) -> Iterator[tuple[Any, ...]]:
    """The parameters of one statement after another."""
    for part in rows.iter_slices(max(size, 1000)):
        values = list(chain.from_iterable(zip(*(column.to_list() for column in part.iter_columns()), strict=True)))
        for first in range(0, len(values), size * rows.width):
            yield (*shared, *values[first : first + size * rows.width])


def _insert_postgresql(tx: Transaction, table: Table, frame: pl.DataFrame, clause: str) -> int:
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    names = ", ".join(preparer.quote(name) for name in frame.columns)
    times = [name for name in frame.columns if isinstance(table.c[name].type, UtcTime)]
    aware = frame.with_columns(pl.col(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    cursor: Any = tx.connection.connection.cursor()
    cursor.execute(f"create temp table incoming on commit drop as select {names} from {table.name} with no data")
    with cursor.copy(f"copy incoming ({names}) from stdin") as copy:
        for row in aware.iter_rows():
            copy.write_row(row)
    cursor.execute(f"insert into {table.name} ({names}) select {names} from incoming {clause}")
    written_count: int = cursor.rowcount
    cursor.execute("drop table incoming")
    cursor.close()
    return written_count
