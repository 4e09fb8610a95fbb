"""Statements from a file into the record, as from a trusted source: good ones are kept, others refused by line."""

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from data.record import Record
from progress.audit.imports import note_import
from progress.importers.shared.report import CannotImport, ImportReport
from progress.xapi.file.chunk import import_chunk
from progress.xapi.file.reader_process import blocks_beside
from progress.xapi.file.reading import COLUMNS, Block, Refused, blocks_of
from progress.xapi.record.storing import lock_statements

Progress = Callable[[int, int, str], object]

STATEMENTS_AT_ONCE = 60_000

# The first ones are stored while a second process starts and reads the next, then some more each time.
_STATEMENTS_AT_FIRST = 15_000

# A second process takes half a second to start: below this many bytes all is read by then.
_WORTH_A_PROCESS_BYTES = 8_000_000

_MOST_PASSED_OVER = 5  # named one by one

_SECONDS_OF_A_TURN = 0.0005


class StatementsFailed(CannotImport):
    """The record could not store some of the statements. Those before them are stored."""

    def __init__(self, stored_count: int, cause: BaseException) -> None:
        super().__init__(f"Not all statements could be stored: {cause}. The first {stored_count:,} are.")
        self.stored_count = stored_count


class _Import:
    """An import in progress: its results so far, and what waits until more is known."""

    def __init__(self, record: Record, provisions: bool, beside: ThreadPoolExecutor) -> None:
        self.record, self.provisions, self.beside = record, provisions, beside
        self.report = ImportReport()
        self.refused: list[Refused] = []
        self._unknown: list[pl.DataFrame] = []
        self._begun: dict[int, datetime] = {}
        self._has_made_known = False
        self._done_count = 0
        self._passed_over: list[tuple[int, str]] = []
        self._passed_over_count = 0

    def take(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Store a chunk; returns its rows about someone or something unknown, each with the reason."""
        with self._plain_errors(), self.record.writing(checkpoints=False) as tx:
            lock_statements(tx)
            outcome = import_chunk(tx, rows, provisions=self.provisions, begun=self._begun)
        self.beside.submit(self.record.checkpoint)
        self.report.tally_all(outcome.tallies)
        self.refused += outcome.refused
        self._has_made_known = self._has_made_known or outcome.has_made_known
        self._done_count += rows.height
        return outcome.unknown

    def take_chunk(self, rows: pl.DataFrame) -> None:
        self._unknown.append(self.take(rows))
        passed_over = rows.select("number", "passed_over").filter(pl.col("passed_over") != "")
        self._passed_over_count += passed_over.height
        self._passed_over += passed_over.head(_MOST_PASSED_OVER - len(self._passed_over)).rows()

    def note_what_was_passed_over(self, counted_as: str) -> None:
        if self._passed_over_count:
            examples = [f"{counted_as} {number}: {words}" for number, words in self._passed_over]
            many = "1 statement has" if self._passed_over_count == 1 else f"{self._passed_over_count:,} statements have"
            self.report.notes.append(
                f"{many} extensions of which something was passed over; all else in them counts. {' '.join(examples)}"
            )

    def take_the_rest(self) -> None:
        """What was unknown may be known by now: another statement can tell how long a video is. The rest is refused."""
        unknown = pl.concat(self._unknown) if self._unknown else pl.DataFrame()
        if self._has_made_known and unknown.height:
            unknown = self.take(unknown.select(*COLUMNS))
        if unknown.height:
            self.refused += [Refused(*row) for row in unknown.select("number", "reason").iter_rows()]

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, self.record.engine.dialect.loaded_dbapi.Error) as error:
            raise StatementsFailed(self._done_count, getattr(error, "orig", None) or error) from error


def import_xapi(
    record: Record, path: Path, *, provisions: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Bring a file of statements into the record. What is there already is left as it is.

    `provisions` lets every course that the file names opt in to make its learners and videos known, and makes courses
    that do not exist yet. `progress` is told (bytes read, bytes in all, what is being done). Raises CannotImport.
    """
    show = progress or (lambda done, total, label: None)
    size = path.stat().st_size
    blocks = blocks_beside(path) if size > _WORTH_A_PROCESS_BYTES else blocks_of(path)
    with closing(blocks), _undisturbed(), ThreadPoolExecutor(1) as beside:
        importing, read_count = _Import(record, provisions, beside), 0
        counted_as: Literal["line", "row"] = "line"
        for block in _chunks(blocks):
            importing.refused += block.refused
            read_count, counted_as = read_count + block.rows.height + len(block.refused), block.counted_as
            importing.take_chunk(block.rows)
            show(block.bytes_read, size, "Importing")
        importing.take_the_rest()
        show(size, size, "Done")
    importing.note_what_was_passed_over(counted_as)
    report, refused = importing.report, sorted(importing.refused)
    with record.writing() as tx:
        note_import(tx, "xAPI statements", report.tallies)
    report.count_read(path.name, read_count)
    report.refuse(path.name, [(number, reason) for number, reason in refused], len(refused), counted_as)
    return report


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Threads hardly wait for one another, and nobody walks through all statements to find no garbage."""
    was_enabled, seconds_of_a_turn = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_SECONDS_OF_A_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(seconds_of_a_turn)
        if was_enabled:
            gc.enable()


def _chunks(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks gathered to what is stored in one transaction."""
    gathered, count, wanted = list[Block](), 0, min(STATEMENTS_AT_ONCE, _STATEMENTS_AT_FIRST)
    for block in blocks:
        gathered.append(block)
        count += block.rows.height
        if count >= wanted:
            yield _together(gathered)
            gathered, count, wanted = [], 0, min(STATEMENTS_AT_ONCE, wanted * 4 // 3)
    if gathered:
        yield _together(gathered)


def _together(blocks: list[Block]) -> Block:
    refused = [refusal for block in blocks for refusal in block.refused]
    return blocks[-1]._replace(rows=pl.concat([block.rows for block in blocks]), refused=refused)
