"""The views: found in `views/`, ordered by what their SQL reads, and created in a mirror. No access rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from queries.asking.statements import reads

VIEWS = Path(__file__).parent.parent / "views"


@dataclass(frozen=True)
class View:
    """One view: what one row is (`comment`), its key, its SELECT, and the views that it reads directly."""

    name: str
    subject: str
    comment: str
    key: tuple[str, ...]
    select: str
    inputs: frozenset[str]


class MissingHeader(ValueError):
    """A view's file does not begin with its grain and its key."""


@cache
def views() -> dict[str, View]:
    """Every view by name, each after the views that it reads."""
    paths = {path.stem: path for path in sorted(VIEWS.glob("*/*.sql"))}
    found = {name: _view(path, paths.keys()) for name, path in paths.items()}
    order = TopologicalSorter({name: sorted(view.inputs) for name, view in found.items()})
    return {name: found[name] for name in order.static_order()}


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every view, replacing those that an earlier version of Waymark left in the mirror's file."""
    connection.begin()
    connection.execute((VIEWS / "macros.sql").read_text(encoding="utf-8"))
    for view in views().values():
        comment = view.comment.replace("'", "''")
        connection.execute(f"create or replace view {view.name} as {view.select}")
        connection.execute(f"comment on view {view.name} is '{comment}'")
    connection.commit()


def _view(path: Path, names: Iterable[str]) -> View:
    grain, _, rest = path.read_text(encoding="utf-8").partition("\n")
    key, _, select = rest.partition("\n")
    if not grain.startswith("-- One row per ") or not key.startswith("-- Key: "):
        raise MissingHeader(path)
    columns = tuple(column.strip() for column in key.removeprefix("-- Key: ").split(","))
    inputs = reads(select).tables & frozenset(names)
    return View(path.stem, path.parent.name, grain.removeprefix("-- "), columns, select, inputs)
