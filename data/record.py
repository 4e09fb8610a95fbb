"""Connections to the record: read transactions, and write transactions that are numbered for the mirror."""

import atexit
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Dialect, Engine, Executable, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from data.marks import leave_mark
from data.settings import settings
from data.write_lock import BUSY_TIMEOUT, begin_immediate

_log = logging.getLogger(__name__)

_WAIT_TO_EMPTY_LOG = 5_000  # milliseconds

_SQLITE_PRAGMAS = (
    "page_size = 8192",  # for new records; a large commit takes three quarters of its time with 4096
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    BUSY_TIMEOUT,
    "cache_size = -131072",
    "temp_store = memory",
)


@dataclass(frozen=True)
class Transaction:
    """A write transaction. Every mirrored row that it writes gets `number` as its `changed_in`; `mark` is random.

    `by` is the person on whose behalf it writes; None stands for the command line or Waymark itself.
    """

    connection: Connection
    number: int
    structure_mark: int
    record_uuid: str
    mark: int
    by: int | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def execute(self, statement: Executable, parameters: Any = None) -> Any:
        return self.connection.execute(statement, parameters)


class Record:
    """The record behind one database URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = (
            _sqlite_engine(url) if url.startswith("sqlite") else create_engine(url, pool_size=16, hide_parameters=True)
        )
        # Waiting for SQLite's own lock means sleeping and trying again, in no fair order.
        self._turn_to_write: AbstractContextManager[object] = Lock() if self.is_sqlite else nullcontext()
        self._turn_to_look = Lock()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction, which sees one consistent state throughout."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """A raw SQLite connection for single read statements, each its own transaction."""
        with self._turn_to_look:
            connection: Any = self._look.driver_connection
            yield connection

    @contextmanager
    def writing(self, *, by: int | None = None, checkpoints: bool = True) -> Iterator[Transaction]:
        """A write transaction, committed at the end of the block and rolled back by any error in it.

        On SQLite it holds the write lock from the beginning, so what it reads cannot change before it writes.
        Without `checkpoints`, the caller runs `checkpoint` after a large transaction.
        """
        with (
            self._turn_to_write,
            self.engine.connect().execution_options(waymark_writes=True) as connection,
            nullcontext() if checkpoints or not self.is_sqlite else _without_checkpoints(connection),
            connection.begin(),
        ):
            yield Transaction(connection, *leave_mark(connection), by)

    def moment_without_writer(self) -> datetime | None:
        """A moment at which nobody was writing in any process; None while somebody is. SQLite only."""
        turn: Any = self._turn_to_write
        if not turn.acquire(blocking=False):
            return None
        try:
            with closing(self.engine.raw_connection()) as connection:
                return _moment_of_an_empty_transaction(connection.cursor())
        finally:
            turn.release()

    def checkpoint(self) -> None:
        """Checkpoint SQLite's log while others go on. Whatever cannot be copied yet is left to the next checkpoint."""
        if self.is_sqlite:
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        """Close all connections; new ones are opened when needed.

        SQLite's file is then the whole record, unless another process has it open.
        """
        with self._turn_to_look:
            if look := self.__dict__.pop("_look", None):
                look.close()
        try:
            self.empty_log()
        except (DBAPIError, sqlite3.Error) as error:
            _log.warning("SQLite's log could not be emptied into its file, so copy both: %s", error)
        self.engine.dispose()

    def empty_log(self) -> None:
        """Checkpoint all of SQLite's log and truncate it. Waits some seconds for its readers."""
        if not self._log_holds_something():
            return
        with closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"pragma busy_timeout = {_WAIT_TO_EMPTY_LOG}")
            cursor.execute("pragma wal_checkpoint(truncate)").fetchone()
            cursor.execute(f"pragma {BUSY_TIMEOUT}")

    def _log_holds_something(self) -> bool:
        log = Path(f"{self.engine.url.database}-wal")
        return self.is_sqlite and log.is_file() and log.stat().st_size > 0

    @cached_property
    def _look(self) -> PoolProxiedConnection:
        return self.engine.raw_connection()


_opened: WeakSet[Record] = WeakSet()


@lru_cache(maxsize=8)
def open_record(url: str) -> Record:
    """The record at this URL, opened once per process."""
    record = Record(url)
    _opened.add(record)
    return record


def current_record() -> Record:
    """The record that the settings name."""
    return open_record(settings().database_url)


def close_records() -> None:
    """Close what `open_record` opened."""
    for record in list(_opened):
        record.close()


atexit.register(close_records)


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=16, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "do_connect", _make_sqlite_file_private)
    event.listen(engine, "connect", _prepare_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)
    return engine


def _make_sqlite_file_private(_: Dialect, __: object, files: Sequence[str], ___: object) -> None:
    """Create the file before SQLite does, which also gives its log the same mode."""
    with suppress(OSError):  # it already exists, or SQLite will say what is wrong
        os.close(os.open(files[0], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare_sqlite_connection(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _moment_of_an_empty_transaction(cursor: Any) -> datetime | None:
    """The moment of an empty write transaction; None if another process has SQLite's lock."""
    cursor.execute("pragma busy_timeout = 0")
    try:
        cursor.execute("begin immediate")
        moment = datetime.now(UTC)
        cursor.execute("rollback")
    except sqlite3.OperationalError:
        return None
    finally:
        cursor.execute(f"pragma {BUSY_TIMEOUT}")
    return moment


@contextmanager
def _without_checkpoints(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    (usual,) = driver.execute("pragma wal_autocheckpoint").fetchone()
    driver.execute("pragma wal_autocheckpoint = 0")
    try:
        yield
    finally:
        driver.execute(f"pragma wal_autocheckpoint = {usual}")


def _begin_sqlite_transaction(connection: Connection) -> None:
    if connection.get_execution_options().get("waymark_writes"):
        begin_immediate(connection)
    else:
        connection.exec_driver_sql("begin")
