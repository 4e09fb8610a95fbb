"""What statements name besides actor and activity (xapi_named_sets, xapi_named), and which statements they target.

`voids` becomes `targets`: the statement that is the object, whatever the verb. What stored statements name is read from
their text here, as it was understood when this landed.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATEMENTS_AT_ONCE = 5_000
_LONGEST_NAME = 500
_UUID = "________-____-____-____-____________"

_statements = sa.table("xapi_statements", *map(sa.column, ("id", "statement", "named_set_id")))
_sets = sa.table("xapi_named_sets", *map(sa.column, ("id", "digest")))
_named = sa.table("xapi_named", *map(sa.column, ("set_id", "role", "name")))

_Name = tuple[str, str]


def upgrade() -> None:
    _create_tables()
    op.drop_index(op.f("ix_xapi_statements_voids"), table_name="xapi_statements")
    op.execute("alter table xapi_statements rename column voids to targets")
    op.execute(
        f"update xapi_statements set targets = activity where activity like '{_UUID}' and activity not like '%:%'"
    )
    op.add_column("xapi_statements", sa.Column("named_set_id", _ID, nullable=True))
    _fill_in(op.get_bind())
    for columns in (["targets"], ["named_set_id", "id"]):
        is_filled = sa.text(f"{columns[0]} is not null")
        name = op.f(f"ix_xapi_statements_{'_'.join(columns)}")
        op.create_index(name, "xapi_statements", columns, sqlite_where=is_filled, postgresql_where=is_filled)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup from before.")


def _create_tables() -> None:
    op.create_table(
        "xapi_named_sets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_named_sets")),
        sa.UniqueConstraint("digest", name=op.f("uq_xapi_named_sets_digest")),
    )
    op.create_table(
        "xapi_named",
        sa.Column("set_id", _ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role in ('activity', 'agent', 'related_agent', 'authority')", name=op.f("ck_xapi_named_role_known")
        ),
        sa.ForeignKeyConstraint(["set_id"], ["xapi_named_sets.id"], name=op.f("fk_xapi_named_set_id")),
        sa.PrimaryKeyConstraint("set_id", "role", "name", name=op.f("pk_xapi_named")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_xapi_named_name_role"), "xapi_named", ["name", "role"])


def _fill_in(connection: sa.Connection) -> None:
    known: dict[str, int] = {}
    after = 0
    chosen = sa.select(_statements.c.id, _statements.c.statement).order_by(_statements.c.id).limit(_STATEMENTS_AT_ONCE)
    while rows := connection.execute(chosen.where(_statements.c.id > after)).all():
        after = rows[-1].id
        numbers = [
            {"number": row.id, "named": _set_of(connection, names, known)}
            for row in rows
            if (names := set(_names(orjson.loads(row.statement))))
        ]
        if numbers:
            one = sa.update(_statements).where(_statements.c.id == sa.bindparam("number"))
            connection.execute(one.values(named_set_id=sa.bindparam("named")), numbers)


def _set_of(connection: sa.Connection, names: set[_Name], known: dict[str, int]) -> int:
    digest = sha256("\n".join(sorted(f"{role} {name}" for role, name in names)).encode()).hexdigest()
    if digest not in known:
        known[digest] = len(known) + 1
        connection.execute(sa.insert(_sets).values(id=known[digest], digest=digest))
        rows = {(role, _short(name)) for role, name in names}
        connection.execute(
            sa.insert(_named), [{"set_id": known[digest], "role": role, "name": name} for role, name in rows]
        )
    return known[digest]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"sha256:{sha256(name.encode()).hexdigest()}"


def _names(statement: Any) -> Iterator[_Name]:
    target = statement.get("object", {})
    yield from (("agent", name) for name in _people(statement.get("actor", {}).get("member", [])))
    if target.get("objectType") in ("Agent", "Group"):
        yield from (("agent", name) for name in _people(target))
    elif target.get("objectType") == "SubStatement":
        yield from _names_within(target)
    yield from _names_around(statement.get("context", {}))
    yield from (("authority", name) for name in _people(statement.get("authority", [])))


def _names_within(part: Any) -> Iterator[_Name]:
    target = part["object"]
    kind = target.get("objectType", "Activity")
    yield from (("related_agent", name) for name in _people(part["actor"]))
    if kind == "Activity":
        yield "activity", target["id"]
    elif kind != "StatementRef":
        yield from (("related_agent", name) for name in _people(target))
    yield from _names_around(part.get("context", {}))


def _names_around(context: Any) -> Iterator[_Name]:
    for people in ("instructor", "team"):
        yield from (("related_agent", name) for name in _people(context.get(people, [])))
    for listed in context.get("contextActivities", {}).values():
        yield from (("activity", each["id"]) for each in (listed if isinstance(listed, list) else [listed]))


def _people(value: Any) -> Iterator[str]:
    """The external ids of an agent, of a group and its members, or of a list of agents."""
    for person in value if isinstance(value, list) else [value]:
        account = person.get("account")
        if account is not None:
            yield f"{account['homePage']}|{account['name']}"
        elif "mbox_sha1sum" in person:
            yield person["mbox_sha1sum"].lower()
        elif "mbox" in person or "openid" in person:
            yield person.get("mbox") or person["openid"]
        yield from _people(person.get("member", []))
