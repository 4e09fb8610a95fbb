"""The only way to read the mirror: every question about learners gets the viewer's rule of access here."""

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakSet

import polars as pl

from data.mirror import Mirror, current_mirror, record_trouble, with_mirror
from data.models.base import EPOCH
from data.viewer import Viewer
from queries.asking.catalogue import create_views, views
from queries.asking.course_parts import CourseParts, read_clocks_again, rows_of
from queries.asking.glossary import glossary
from queries.asking.statements import parsed, reads
from queries.asking.viewer_rule import for_viewer, refuse_people

OPEN_VIEWS = frozenset({"course", "unit", "module"})

# Each is what one page shows: from a few kilobytes to a megabyte.
_MOST_REMEMBERED = 128

_with_views: WeakSet[Mirror] = WeakSet()
_creating_views = Lock()

# The warning recommends `cursor.sql`, which plans each question twice. For a question about one learner planning takes
# most of the time, and the copying that the warning is about takes little.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


class NotOpen(ValueError):
    """A question without a viewer reads something other than the open views."""


class NotAView(ValueError):
    """A question of the command line reads something other than the views. Contains their names."""


def ask(viewer: Viewer, sql: str, *, of_course: int | None = None, **parameters: object) -> pl.DataFrame:
    """The answer from the current record, limited to what the viewer may see.

    With `of_course` the question must be about that course only, apart from what courses share: people, classes,
    schools. Its answer is then cached until something changes in the course or in these.

    The SQL must have `{visible}` (a condition on `learner_id`; `{visible:l.learner_id}` for another column) or
    `{taught}` (the same for `class_id` and the classes that the viewer teaches) in its outermost WHERE, in each branch
    of a union. For administrators both are true.
    """
    return _answer(*for_viewer(viewer, sql, parameters), of_course)


def ask_about_no_one(
    viewer: Viewer, sql: str, *, parts: CourseParts | None = None, **parameters: object
) -> pl.DataFrame:
    """The answer to a question about courses or cohorts with figures over learners.

    The markers of `ask` can be anywhere in the SQL: the question itself must ensure that the figures are over learners
    whom the viewer may see, or are withheld. It may read figures of whole courses from `parts`. Raises NamesAPerson if
    a column is about a person.
    """
    answer = _answer(*for_viewer(viewer, sql, parameters, about_people=False), parts=parts)
    refuse_people(answer.columns)
    return answer


def ask_open(sql: str, **parameters: object) -> pl.DataFrame:
    """The answer to a question about courses, units and modules themselves, which anyone may see."""
    read = reads(sql)
    if not read.tables <= OPEN_VIEWS or read.functions:
        raise NotOpen(sql)
    return _answer(sql, parameters)


def ask_anything(sql: str) -> pl.DataFrame:
    """The answer to one SELECT over the views, without a rule of access: only for the command line."""
    read = reads(sql)
    if unknown := {name for name in read.tables if name.removeprefix("main.") not in views()} | read.functions:
        raise NotAView(", ".join(sorted(unknown)))
    return _answer(sql, {})


def described_views() -> pl.DataFrame:
    """One row per view and column, by name: view, grain, key, column, type, meaning."""
    sql = """
        select v.view_name as "view", v.comment as grain, c.column_name as "column", lower(c.data_type) as "type"
        from duckdb_views() as v
        join duckdb_columns() as c on c.database_name = v.database_name and c.table_oid = v.view_oid
        where v.schema_name = 'main' and list_contains($names, v.view_name)
        order by v.view_name, c.column_index
    """
    columns = _answer(sql, {"names": list(views())})
    return columns.select(
        "view",
        "grain",
        pl.col("view").replace_strict({name: ", ".join(view.key) for name, view in views().items()}).alias("key"),
        "column",
        "type",
        pl.col("column").replace_strict(glossary(), default="").alias("meaning"),
    )


def as_of() -> datetime:
    """The moment (UTC) as of which questions are answered."""
    mirror = current_mirror()
    return mirror.as_of if mirror.as_of > EPOCH else with_mirror(lambda refreshed: refreshed.as_of)


def newest_as_of() -> datetime:
    """Refresh the mirror; returns the moment (UTC) as of which questions are now answered."""
    return with_mirror(lambda refreshed: refreshed.as_of)


def trouble_in_words() -> str | None:
    """Why answers are no newer than `as_of`, if the record could not be read for the latest of them."""
    trouble = record_trouble()
    return None if trouble is None else trouble.plain


def forget_answers() -> None:
    """Clear the cache, for measuring."""
    _remembered_answer.cache_clear()
    read_clocks_again()


def ensure_views(mirror: Mirror) -> None:
    """Create the views in a mirror that was opened since the last question."""
    with _creating_views:
        if mirror not in _with_views:
            with mirror.reading() as cursor:
                create_views(cursor)
            _with_views.add(mirror)


def _answer(
    sql: str, parameters: Mapping[str, object], of_course: int | None = None, parts: CourseParts | None = None
) -> pl.DataFrame:
    bound = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in parameters.items())

    def answered_by(mirror: Mirror) -> pl.DataFrame:
        ensure_views(mirror)
        version = mirror.version if of_course is None else mirror.version_of(of_course)
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        return _remembered_answer(mirror, version, minute, sql, bound, parts).clone()

    return with_mirror(answered_by, (sql, bound))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _remembered_answer(
    mirror: Mirror,
    version: int,
    minute: datetime,
    sql: str,
    bound: tuple[tuple[str, object], ...],
    parts: CourseParts | None,
) -> pl.DataFrame:
    """The cached answer. Views depend on the mirror's rows and, some of them, on the clock.

    The answer is always from the mirror's current rows; `version` and `minute` are only part of the cache key.
    """
    parameters = {name: list(value) if isinstance(value, tuple) else value for name, value in bound}
    with mirror.reading() as cursor:
        if parts is not None:
            cursor.register(parts.name, rows_of(mirror, parts).to_arrow())
        return pl.DataFrame(cursor.execute(parsed(sql), parameters).to_arrow_table())
