"""Waiting for SQLite's write lock, of which there is one for all processes.

SQLite itself retries after increasing pauses of up to 0.1 s: next to a process that records without a pause, one
transaction in twenty of another process waited for 0.6 s. Retrying every millisecond reduces that to 0.04 to 0.07 s.
"""

import sqlite3
import time

from sqlalchemy import Connection

BUSY_TIMEOUT = "busy_timeout = 30000"  # milliseconds; for everything except beginning a write transaction
_SECONDS_TO_WAIT = 30.0
_SECONDS_BETWEEN_LOOKS = 0.001


def begin_immediate(connection: Connection) -> None:
    """Begin a write transaction as soon as nobody else has one open."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{driver!r} is no connection of SQLite")
    give_up = time.monotonic() + _SECONDS_TO_WAIT
    driver.execute("pragma busy_timeout = 0")
    try:
        while _is_busy(driver) and time.monotonic() < give_up:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        if not driver.in_transaction:
            connection.exec_driver_sql("begin immediate")  # raises the reason
    finally:
        driver.execute(f"pragma {BUSY_TIMEOUT}")


def _is_busy(driver: sqlite3.Connection) -> bool:
    """Try to begin; returns whether somebody else is writing. Raises other errors."""
    try:
        driver.execute("begin immediate")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
