"""A process that reads an SQLite record through ADBC and returns Arrow through a pipe; `data.columnar` says why.

Each request is a line of JSON with a statement; the answers are Arrow streams in the same order, all from one read
transaction. The process ends when its input does.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from data.settings import PROJECT

_ROWS_AT_ONCE = "65536"  # with the driver's default of 1,024, casting and storing are a fifth slower


@dataclass
class RecordNotReadable(Exception):
    """The reading process failed."""

    reason: str

    def __str__(self) -> str:
        return f"The record could not be read: {self.reason}"


class ReaderProcess:
    """The client's side. One statement at a time."""

    has_typed_header = True

    def __init__(self, database: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "data.columnar_reader", database],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._pipes: Any = (self._process.stdin, self._process.stdout, self._process.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        self._process.wait()

    def batches(self, statement: str, wire: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The statement's rows except the first, which only gives the columns their types."""
        is_first = True
        for batch in self._answer(statement):
            yield batch.slice(1) if is_first else batch
            is_first = False

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for batch in self._answer(statement) for row in batch.to_pylist()]

    def _answer(self, statement: str) -> Iterator[pa.RecordBatch]:
        asking, answering, complaining = self._pipes
        try:
            asking.write(json.dumps(statement).encode() + b"\n")
            asking.flush()
            yield from pa.ipc.open_stream(answering)
        except (OSError, pa.ArrowInvalid) as error:
            said = complaining.read().decode(errors="replace").strip().splitlines()
            raise RecordNotReadable(said[-1] if said else str(error)) from error


def answer_requests(database: str) -> None:
    """The process's side: answer requests until the input ends."""
    import adbc_driver_sqlite.dbapi  # only in this process: `data.columnar` says why
    from adbc_driver_sqlite import StatementOptions

    connection: Any = adbc_driver_sqlite.dbapi.connect(database)
    for line in sys.stdin.buffer:
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**{StatementOptions.BATCH_ROWS.value: _ROWS_AT_ONCE})
            cursor.execute(json.loads(line))
            reader = cursor.fetch_record_batch()
            with pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as writer:
                for batch in reader:
                    writer.write_batch(batch)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    answer_requests(sys.argv[1])
