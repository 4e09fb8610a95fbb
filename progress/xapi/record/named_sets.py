"""Sets of names (`statement.named`) in the record: each is kept once, and statements hold its number."""

from collections.abc import Iterable
from hashlib import sha256

import polars as pl
from sqlalchemy import Connection, select

from data.bulk import matches_any, rows_where, upsert
from data.models import XapiNamed, XapiNamedSet
from data.record import Transaction
from progress.xapi.statement.named import names_in

_DIGESTS = {"digest": pl.String, "named_set_id": pl.Int64}

# PostgreSQL has no place for much longer ones in its indexes.
_LONGEST_NAME = 500


def with_named_sets(tx: Transaction, rows: pl.DataFrame) -> pl.DataFrame:
    """`named_set_id` in place of `named`, null where nothing is named. Sets that are new are kept."""
    texts = rows.select("named").filter(pl.col("named") != "").unique(maintain_order=True)
    if texts.is_empty():
        return rows.drop("named").with_columns(named_set_id=pl.lit(None, pl.Int64))
    named = texts.with_columns(digest=pl.Series(map(_digest, texts["named"]), dtype=pl.String))
    new = named.join(_kept(tx, named), on="digest", how="anti", maintain_order="left")
    upsert(tx, XapiNamedSet, new.select("digest"))
    kept = named.join(_kept(tx, named), on="digest", maintain_order="left")
    upsert(tx, XapiNamed, _names(kept.join(new, on="digest", how="semi", maintain_order="left")), keep_existing=True)
    return rows.join(kept.drop("digest"), on="named", how="left", maintain_order="left").drop("named")


def numbers_of_sets(connection: Connection, name: str, roles: Iterable[str]) -> list[int]:
    """The sets that have this name in one of the roles."""
    named = select(XapiNamed.set_id).where(XapiNamed.name == _short(name), XapiNamed.role.in_(list(roles)))
    return list(connection.execute(named.distinct()).scalars())


def _kept(tx: Transaction, named: pl.DataFrame) -> pl.DataFrame:
    chosen = select(XapiNamedSet.digest, XapiNamedSet.id.label("named_set_id"))
    return rows_where(tx, chosen.where(matches_any(tx, XapiNamedSet.digest, named["digest"])), _DIGESTS)


def _names(sets: pl.DataFrame) -> pl.DataFrame:
    rows = {
        (set_id, role, _short(name))
        for set_id, text in sets.select("named_set_id", "named").iter_rows()
        for role, name in names_in(text)
    }
    schema = {"set_id": pl.Int64, "role": pl.String, "name": pl.String}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"sha256:{_digest(name)}"
