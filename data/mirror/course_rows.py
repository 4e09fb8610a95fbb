"""Which courses changed rows belong to, so that cached answers about other courses stay valid."""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

# The tables that change day by day. Rows of any other table may affect every course.
_COURSE_OF = {
    "enrolments": "course_id",
    "course_progress": "course_id",
    "unit_progress": "unit_id",
    "module_progress": "module_id",
    "progress_events": "module_id",
}
_PARTS = {"unit_id": "units", "module_id": "modules"}


class CourseRows:
    """Finds the courses of rows through the mirror's own units and modules."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._courses_of_parts: dict[str, dict[int, int]] = {}

    def courses_of(self, table: str, batch: pa.RecordBatch) -> frozenset[int] | None:
        """The courses of the table's changed rows; None if they may affect every course."""
        column = _COURSE_OF.get(table)
        if column is None:
            self._courses_of_parts = {}
            return None
        ids = pc.unique(batch[column]).to_pylist()
        courses = self._courses_of(column)
        return frozenset(ids if courses is None else (courses[part_id] for part_id in ids))

    def _courses_of(self, column: str) -> dict[int, int] | None:
        if column not in _PARTS:
            return None
        if column not in self._courses_of_parts:
            found = self._connection.execute(f"select id, course_id from record.{_PARTS[column]}").fetchall()
            self._courses_of_parts[column] = dict(found)
        return self._courses_of_parts[column]
