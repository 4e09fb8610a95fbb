"""Answers too large for memory: several questions about one state of the record, each answered in batches."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain

import duckdb
import pyarrow as pa

from data.mirror import AnswerBrokenOff, Mirror, with_mirror
from data.mirror.failures import loses_the_database
from data.viewer import Viewer
from queries.asking.ask import ensure_views
from queries.asking.viewer_rule import for_viewer

Ask = Callable[..., pa.RecordBatchReader]

ROWS_AT_ONCE = 20_000


@contextmanager
def asking_one_state(viewer: Viewer) -> Iterator[Ask]:
    """An `ask` whose questions are all about the state at the first one. Read each answer to its end before the next.

    Raises AnswerBrokenOff if the database fails after the first batch, since its replacement may have another state.
    """
    with ExitStack() as stack:
        state = _State(stack)
        yield lambda sql, **parameters: state.answer(*for_viewer(viewer, sql, parameters))


class _State:
    """One transaction in a mirror, begun by the first question and ended by `stack`."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._mirror: Mirror | None = None

    def answer(self, sql: str, parameters: Mapping[str, object]) -> pa.RecordBatchReader:
        if self._mirror is not None:
            with self._ending_clearly():
                return self._batches(sql, parameters)
        return with_mirror(lambda mirror: self._begun(mirror, sql, parameters), (sql, str(parameters)))

    def _begun(self, mirror: Mirror, sql: str, parameters: Mapping[str, object]) -> pa.RecordBatchReader:
        """The answer to the first question, which begins the state unless its first batch fails."""
        ensure_views(mirror)
        with ExitStack() as stack:
            self._connection = stack.enter_context(mirror.reading())
            self._connection.begin()
            answer = self._batches(sql, parameters)
            self._mirror = mirror
            self._stack.push(stack.pop_all())
        return answer

    def _batches(self, sql: str, parameters: Mapping[str, object]) -> pa.RecordBatchReader:
        # Only `sql` streams rows as they are found; `execute` would find all of them first.
        found = self._connection.sql(sql, params=dict(parameters)).to_arrow_reader(ROWS_AT_ONCE)
        first = next(found, None)
        rest = self._rest(found)
        return pa.RecordBatchReader.from_batches(found.schema, rest if first is None else chain([first], rest))

    def _rest(self, found: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with self._ending_clearly():
            yield from found

    @contextmanager
    def _ending_clearly(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            if self._mirror is None or not loses_the_database(error):
                raise
            self._mirror.give_up(error)
            raise AnswerBrokenOff from error
