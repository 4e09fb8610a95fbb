"""Rows that name their parents in the same file, such as schools in a district: which to refuse, in which order to
write them."""

import polars as pl

from data.record import Transaction
from progress.importers.oneroster.storing import known_ids
from progress.importers.oneroster.table import Table, ids_of


def settle_parents(tx: Transaction, table: Table, model: type) -> None:
    """Leave out links to unknown parents; refuse rows that are their own ancestors, and then their children."""
    known = known_ids(tx, model, table.rows["parentSourcedId"])["external_id"]
    height = -1
    while height != table.rows.height:
        height = table.rows.height
        table.leave_out_unknown("parentSourcedId", pl.concat([ids_of(table), known]))
        circling = pl.Series(sorted(_circling(table.rows)), dtype=pl.String)
        in_circle = pl.col("sourcedId").is_in(circling.implode())
        table.refuse(in_circle, "parentSourcedId leads back to this row")


def parents_first(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, each after its parent."""
    parents = _parents(rows)
    depth = {child: len(_ancestors(parents, child)) for child in parents}
    depths = pl.DataFrame(list(depth.items()), schema={"sourcedId": pl.String, "depth": pl.Int64}, orient="row")
    return rows.join(depths, on="sourcedId", maintain_order="left").sort("depth", maintain_order=True).drop("depth")


def with_parent_ids(tx: Transaction, wanted: pl.DataFrame, model: type) -> pl.DataFrame:
    """The rows with `parent_id` in place of the external id in `parent`, found among the rows or in the record."""
    known = pl.concat([wanted.select("external_id", "id"), known_ids(tx, model, wanted["parent"])])
    ids = known.unique("external_id").select(parent="external_id", parent_id="id")
    return wanted.join(ids, on="parent", how="left", maintain_order="left").drop("parent")


def _parents(rows: pl.DataFrame) -> dict[str, str | None]:
    return dict(rows.select("sourcedId", "parentSourcedId").rows())


def _circling(rows: pl.DataFrame) -> set[str]:
    parents = _parents(rows)
    return {child for child in parents if child in _ancestors(parents, child)}


def _ancestors(parents: dict[str, str | None], child: str) -> set[str]:
    """All ancestors in the file; in a circle, including the child itself."""
    above: set[str] = set()
    parent = parents.get(child)
    while parent is not None and parent not in above:
        above.add(parent)
        parent = parents.get(parent)
    return above
