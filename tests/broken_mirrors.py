"""Mirrors whose database fails as it really does: by an internal error of DuckDB's, which then answers nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
import pytest

from data.mirror import Mirror

# DuckDB takes it on trust that Arrow's text is UTF-8, and gives up the whole database where a function finds that it is
# not.
_SPOILT = pa.table(
    {"text": pa.StringArray.from_buffers(1, pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0])), pa.py_buffer(b"\xff"))}
)
DEADLY = "select upper(text) from spoilt, (select 1 as learner_id) where {visible}"
_READING = Mirror.reading


def lose_the_database(mirror: Mirror) -> None:
    """From then on the database answers nobody, whatever is asked."""
    with pytest.raises(duckdb.InternalException):
        break_it(mirror)


def break_it(mirror: Mirror) -> None:
    """A question that breaks the database each time."""
    with mirror.reading() as cursor:
        cursor.register("spoilt", _SPOILT)
        cursor.execute("select upper(text) from spoilt")


@contextmanager
def reading_spoilt_text(mirror: Mirror) -> Iterator[duckdb.DuckDBPyConnection]:
    """In the place of `Mirror.reading`: `DEADLY` breaks the mirror then, and any other question is answered."""
    with _READING(mirror) as cursor:
        yield cursor.register("spoilt", _SPOILT)
