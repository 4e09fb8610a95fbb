"""Reading the OULAD's seven tables, from Parquet or the original CSV, into typed frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from progress.importers.oulad.columns import TABLES, Column
from progress.importers.shared.report import CannotImport


class MissingTable(CannotImport):
    def __init__(self, folder: Path, table: str) -> None:
        super().__init__(f"{folder} has neither {table}.parquet nor {table}.csv.")
        self.folder = folder
        self.table = table


class MissingColumn(CannotImport):
    def __init__(self, file: str, column: str) -> None:
        super().__init__(f"{file} has no column “{column}”.")
        self.file = file
        self.column = column


class UnreadableTable(CannotImport):
    def __init__(self, file: str, cause: Exception) -> None:
        super().__init__(f"{file} cannot be read: {str(cause).splitlines()[0]}.")
        self.file = file


@dataclass(frozen=True)
class SourceFile:
    """A table's file, which has every column that is needed."""

    table: str
    path: Path
    schema: pl.Schema
    rows_count: int

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class ReadTable:
    """`rows` are typed, each with its number `row` and, if the table has one, its `presentation` such as AAA-2013J.

    `refused` has the (row, reason) of rows with a missing, unreadable or impossible value.
    """

    file: str
    rows: pl.DataFrame
    refused: pl.DataFrame


def source_files(folder: Path) -> dict[str, SourceFile]:
    """The file of each table. Raises MissingTable, MissingColumn and UnreadableTable before any row is read."""
    paths = {table: _path(folder, table) for table in TABLES}
    files = {table: _source_file(table, path) for table, path in paths.items()}
    for file in files.values():
        _check_columns(file)
    return files


def read_table(file: SourceFile) -> ReadTable:
    """All rows of a file. Raises UnreadableTable."""
    columns = TABLES[file.table]
    numbered = _scan(file.path).with_row_index("row", offset=1)
    is_bad = pl.any_horizontal(column.is_bad(file.schema[column.name]) for column in columns)
    reason = pl.coalesce(column.problem(file.schema[column.name]) for column in columns)
    good = numbered.filter(~is_bad).select("row", *_values(file, columns))
    refused = numbered.filter(is_bad).select("row", reason=reason)
    try:
        rows, refusals = pl.collect_all([good, refused], engine="streaming")
    except PolarsError as error:
        raise UnreadableTable(file.name, error) from error
    return ReadTable(file.name, rows, refusals)


def _path(folder: Path, table: str) -> Path:
    for path in (folder / f"{table}.parquet", folder / f"{table}.csv"):
        if path.is_file():
            return path
    raise MissingTable(folder, table)


def _scan(path: Path) -> pl.LazyFrame:
    """CSV is read as text, because the original quotes its numbers and writes “?” for missing ones."""
    return pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)


def _source_file(table: str, path: Path) -> SourceFile:
    rows = _scan(path)
    try:
        return SourceFile(table, path, rows.collect_schema(), rows.select(pl.len()).collect().item())
    except PolarsError as error:
        raise UnreadableTable(path.name, error) from error


def _check_columns(file: SourceFile) -> None:
    for column in TABLES[file.table]:
        if column.name not in file.schema:
            raise MissingColumn(file.name, column.name)


def _values(file: SourceFile, columns: Sequence[Column]) -> list[pl.Expr]:
    values = {column.name: column.value(file.schema[column.name]) for column in columns}
    if "code_module" not in values:
        return list(values.values())
    presentation = pl.format("{}-{}", values.pop("code_module"), values.pop("code_presentation"))
    return [presentation.alias("presentation"), *values.values()]
