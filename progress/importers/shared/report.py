"""The report of an import, whatever its source: rows read and refused, and what changed in the record."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from data.source_rows import Tally

MOST_REFUSALS_KEPT = 1_000
MOST_LINES_KEPT = 200_000

# One row for each line of the source: `subject` is its id there, `reason` says what changed or why nothing did.
# `line` is null for rows that ended because the source no longer contains them.
LINES_SCHEMA = {"file": pl.String, "line": pl.Int64, "outcome": pl.String, "subject": pl.String, "reason": pl.String}


class CannotImport(Exception):
    """An import that cannot go on. Its text is shown to people; each source derives one error per situation."""


@dataclass(frozen=True)
class Refusal:
    """A row of a file that was refused.

    `number` counts data rows from 1 ("row"), or lines of the file with the header as line 1 ("line").
    """

    file: str
    number: int
    reason: str
    counted_as: Literal["row", "line"] = "row"

    def __str__(self) -> str:
        return f"{self.file}, {self.counted_as} {self.number}: {self.reason}"


@dataclass
class ImportReport:
    """What an import did. All refusals are counted; the first 1,000 are kept.

    `lines` holds the outcome of each line of the source (LINES_SCHEMA) for people to download; beyond 200,000 lines,
    refused ones are kept first. `notes` are sentences about the import as a whole. `is_applied` is False if the record
    was not changed: after a preview, or because rows were refused.
    """

    rows_read: Counter[str] = field(default_factory=Counter)
    rows_refused: Counter[str] = field(default_factory=Counter)
    tallies: dict[str, Tally] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINES_SCHEMA))
    is_applied: bool = True

    @property
    def refused_count(self) -> int:
        return self.rows_refused.total()

    @property
    def changed_count(self) -> int:
        """Rows created, updated or ended, over all tables."""
        return sum(tally.changed for tally in self.tallies.values())

    @property
    def room_for_refusals(self) -> int:
        """How many more refusals can be kept."""
        return MOST_REFUSALS_KEPT - len(self.refusals)

    def count_read(self, file: str, rows: int) -> None:
        self.rows_read[file] += rows

    def refuse(
        self, file: str, rows: list[tuple[int, str]], total: int, counted_as: Literal["row", "line"] = "row"
    ) -> None:
        """Add refused rows as (number, reason), in order; `total` includes those that the caller did not list."""
        self.rows_refused[file] += total
        self.refusals += [Refusal(file, *row, counted_as) for row in rows[: self.room_for_refusals]]

    def add_lines(self, lines: pl.DataFrame) -> None:
        """Add the outcomes of lines of the source (LINES_SCHEMA), in the order of files and lines.

        Also counts the lines read and refused, and adds the first refusals.
        """
        for (file,), of_file in lines.group_by("file", maintain_order=True):
            refused = of_file.filter(pl.col("outcome") == "refused").select("line", "reason")
            self.count_read(str(file), of_file["line"].count())
            self.refuse(str(file), refused.head(self.room_for_refusals).rows(), refused.height, "line")
        kept = lines.with_row_index("place").sort(pl.col("outcome") != "refused", "place").head(MOST_LINES_KEPT)
        self.lines = pl.concat([self.lines, kept.sort("place").select(*LINES_SCHEMA)])

    def tally_all(self, tallies: Mapping[str, Tally]) -> None:
        """Add the tally of each table, named by the plural that people read, such as "courses"."""
        for table, tally in tallies.items():
            self.tallies[table] = self.tallies.get(table, Tally()) + tally

    def __str__(self) -> str:
        files = [
            f"{file}: {rows:,} rows read, {self.rows_refused[file]:,} refused" for file, rows in self.rows_read.items()
        ]
        tables = [f"{table}: {tally}" for table, tally in self.tallies.items()]
        return "\n".join([*files, *tables, *map(str, self.refusals), *self._unlisted(), *self.notes])

    def _unlisted(self) -> list[str]:
        unlisted = self.refused_count - len(self.refusals)
        return [f"… and {unlisted:,} more refused rows"] if unlisted else []
