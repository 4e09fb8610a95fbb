"""SQLite's own lock for writers, of which there is one at a time in all processes together.

SQLite looks again after ever longer pauses, up to 0.1 s: beside a process that records without a pause, one transaction
in twenty of another process waited for 0.6 s. Looking every millisecond makes that 0.04 to 0.07 s.
"""

import sqlite3
import time

from sqlalchemy import Connection

BUSY_TIMEOUT = "busy_timeout = 30000"  # milliseconds; for everything but the beginning of a write transaction
_SECONDS_TO_WAIT = 30.0
_SECONDS_BETWEEN_LOOKS = 0.001


def begin_immediate(connection: Connection) -> None:
    """Begin a write transaction as soon as nobody else is in one."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{driver!r} is no connection of SQLite")
    give_up = time.monotonic() + _SECONDS_TO_WAIT
    driver.execute("pragma busy_timeout = 0")
    try:
        while _is_busy(driver) and time.monotonic() < give_up:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        if not driver.in_transaction:
            connection.exec_driver_sql("begin immediate")  # raises what stands in the way
    finally:
        driver.execute(f"pragma {BUSY_TIMEOUT}")


def _is_busy(driver: sqlite3.Connection) -> bool:
    """Begin, unless somebody else writes or it cannot be done at all."""
    try:
        driver.execute("begin immediate")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
