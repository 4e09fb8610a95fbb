"""What an import did: the rows of each file, what became of the record, and what was refused. Knows no source."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_REFUSALS_KEPT = 1_000


class CannotImport(Exception):
    """An import that could not go on. Its text is meant for people; sources derive one error per situation."""


@dataclass(frozen=True)
class Refusal:
    """A row of a file that was left out. `row` counts the data rows from 1, without the header."""

    file: str
    row: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.reason}"


@dataclass(frozen=True)
class Tally:
    """How many rows of one table an import created, changed, and found as they should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged)

    def __str__(self) -> str:
        return f"{self.created:,} created, {self.updated:,} updated, {self.unchanged:,} unchanged"


@dataclass
class ImportReport:
    """Everything an import has to say. Of many refusals the first 1,000 are kept, all of them are counted."""

    rows_read: Counter[str] = field(default_factory=Counter)
    rows_refused: Counter[str] = field(default_factory=Counter)
    tallies: dict[str, Tally] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def refused_count(self) -> int:
        return self.rows_refused.total()

    @property
    def changed_count(self) -> int:
        """Rows created or updated, over all tables."""
        return sum(tally.created + tally.updated for tally in self.tallies.values())

    @property
    def room_for_refusals(self) -> int:
        """How many more refusals there is room for."""
        return MOST_REFUSALS_KEPT - len(self.refusals)

    def count_read(self, file: str, rows: int) -> None:
        self.rows_read[file] += rows

    def refuse(self, file: str, rows: list[tuple[int, str]], total: int) -> None:
        """Note refused rows as (row, reason), in order; `total` counts also those that the caller did not list."""
        self.rows_refused[file] += total
        self.refusals += [Refusal(file, row, reason) for row, reason in rows[: self.room_for_refusals]]

    def tally_all(self, tallies: Mapping[str, Tally]) -> None:
        """Add what happened to each table, named by the plural that people read, such as "courses"."""
        for table, tally in tallies.items():
            self.tallies[table] = self.tallies.get(table, Tally()) + tally

    def __str__(self) -> str:
        files = [
            f"{file}: {rows:,} rows read, {self.rows_refused[file]:,} refused" for file, rows in self.rows_read.items()
        ]
        tables = [f"{table}: {tally}" for table, tally in self.tallies.items()]
        return "\n".join([*files, *tables, *map(str, self.refusals), *self._unlisted()])

    def _unlisted(self) -> list[str]:
        unlisted = self.refused_count - len(self.refusals)
        return [f"… and {unlisted:,} more refused rows"] if unlisted else []
