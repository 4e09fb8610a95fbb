"""The district in ClickHouse: a row for each learner and module, in the order that serves its questions best."""

from pathlib import Path
from typing import Any

import polars as pl
from chdb.session import Session

from benchmarks.district.plan import COURSES, District

_TABLES = (
    """
    create table cell (
        learner_id UInt32, course_id UInt16, unit_id UInt16, module_id UInt16,
        is_completed UInt8, is_own UInt8, completed_at DateTime('UTC')
    ) engine MergeTree order by (learner_id, course_id, unit_id, module_id)
    """,
    """
    create table class_learner (class_id UInt32, learner_id UInt32, course_id UInt16)
    engine MergeTree order by class_id
    """,
)
_CELLS = """
    insert into cell
    select user_id, course_id, unit_id, module_id,
        completed_at is not null, is_own, coalesce(completed_at, toDateTime(0, 'UTC'))
    from file('{path}', Parquet)
"""
_CLASSES = "insert into class_learner select class_id, user_id, course_id from file('{path}', Parquet)"


class ClickHouse:
    """An embedded ClickHouse with the district in it. `further`: cells that were completed since it was planned."""

    def __init__(self, folder: Path, district: District, further: pl.DataFrame) -> None:
        self._session: Any = Session(str(folder / "clickhouse"))
        self._session.query("create database district engine Atomic")
        self._session.query("use district")
        for table in _TABLES:
            self._session.query(table)
        for course in range(1, COURSES + 1):
            self._load(_CELLS, with_further(district.cells(course), further), folder)
        self._load(_CLASSES, district.classes(), folder)
        self._session.query("optimize table cell final")

    def answer(self, sql: str) -> pl.DataFrame:
        return pl.DataFrame(self._session.query(sql, "ArrowTable"))

    def close(self) -> None:
        self._session.close()

    def _load(self, statement: str, rows: pl.DataFrame, folder: Path) -> None:
        path = folder / "rows.parquet"
        rows.write_parquet(path)
        self._session.query(statement.format(path=path))
        path.unlink()


def with_further(cells: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
    """The cells with those that staff completed later (user_id, module_id, later_at): no activity of the learner."""
    joined = cells.join(further, on=["user_id", "module_id"], how="left", maintain_order="left")
    return joined.select(
        *("user_id", "course_id", "unit_id", "module_id"),
        completed_at=pl.coalesce("completed_at", "later_at"),
        is_own=pl.col("later_at").is_null(),
    )
