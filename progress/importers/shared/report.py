"""What an import did: the rows of each file, what became of the record, and what was refused. Knows no source."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from data.source_rows import Tally

MOST_REFUSALS_KEPT = 1_000
MOST_LINES_KEPT = 200_000

# One row per line of the source: `subject` is the id by which the source knows it, `reason` what changed or why not.
# What ended because the source no longer names it has no line.
LINES_SCHEMA = {"file": pl.String, "line": pl.Int64, "outcome": pl.String, "subject": pl.String, "reason": pl.String}


class CannotImport(Exception):
    """An import that could not go on. Its text is meant for people; sources derive one error per situation."""


@dataclass(frozen=True)
class Refusal:
    """A row of a file that was left out.

    `number` counts data rows from 1 ("row"), or lines of the file as an editor does, the header being line 1 ("line").
    """

    file: str
    number: int
    reason: str
    counted_as: Literal["row", "line"] = "row"

    def __str__(self) -> str:
        return f"{self.file}, {self.counted_as} {self.number}: {self.reason}"


@dataclass
class ImportReport:
    """Everything an import has to say. Of many refusals the first 1,000 are kept, all of them are counted.

    `lines` says of each line of the source what became of it (LINES_SCHEMA), for people to download; of more than
    200,000 the refused ones are kept before others. `notes` are sentences about the whole. `is_applied` is False
    where the record stayed as it was: after a preview, or because rows were refused.
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
        """How many more refusals there is room for."""
        return MOST_REFUSALS_KEPT - len(self.refusals)

    def count_read(self, file: str, rows: int) -> None:
        self.rows_read[file] += rows

    def refuse(
        self, file: str, rows: list[tuple[int, str]], total: int, counted_as: Literal["row", "line"] = "row"
    ) -> None:
        """Note refused rows as (number, reason), in order; `total` counts also those that the caller did not list."""
        self.rows_refused[file] += total
        self.refusals += [Refusal(file, *row, counted_as) for row in rows[: self.room_for_refusals]]

    def tell_lines(self, lines: pl.DataFrame) -> None:
        """Say of every line of the source what became of it (LINES_SCHEMA), in the order of files and lines.

        Counts the lines read and refused, and lists the first refusals.
        """
        for (file,), own in lines.group_by("file", maintain_order=True):
            refused = own.filter(pl.col("outcome") == "refused").select("line", "reason")
            self.count_read(str(file), own["line"].count())
            self.refuse(str(file), refused.head(self.room_for_refusals).rows(), refused.height, "line")
        by_need = lines.with_row_index("place").sort(pl.col("outcome") != "refused", "place").head(MOST_LINES_KEPT)
        self.lines = pl.concat([self.lines, by_need.sort("place").select(*LINES_SCHEMA)])

    def tally_all(self, tallies: Mapping[str, Tally]) -> None:
        """Add what happened to each table, named by the plural that people read, such as "courses"."""
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
