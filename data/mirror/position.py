"""Where a record stands, and which of its rows changed since it stood elsewhere."""

from dataclasses import dataclass

from data.columnar import Snapshot
from data.mirror.layout import mirrored_tables

# The database's own number is part of a PostgreSQL record's identity: a copy restored elsewhere counts differently.
_POSITION = {
    True: "select record_uuid, mirror_epoch, cast(change_number as text) from record_info",
    False: "select record_uuid || '/' || d.oid, mirror_epoch, pg_current_snapshot()::text"
    " from record_info, pg_database d where datname = current_database()",
}


@dataclass(frozen=True)
class Position:
    """One state of one record.

    `mark` is the number of the last write transaction on SQLite. PostgreSQL's transactions commit in another order
    than that of their numbers, so there it is the snapshot: `oldest running:next:running,running,…`.
    """

    record_uuid: str
    mirror_epoch: int
    mark: str

    def continues(self, earlier: "Position | None") -> bool:
        """Whether everything up to `earlier` still holds here, so that the changes since then are enough."""
        if earlier is None or (self.record_uuid, self.mirror_epoch) != (earlier.record_uuid, earlier.mirror_epoch):
            return False
        return _number(self.mark) >= _number(earlier.mark)

    def unseen(self) -> tuple[int, list[int]]:
        """Which transactions this state does not hold: those from a number on, and these single ones below it."""
        if ":" not in self.mark:
            return _number(self.mark) + 1, []
        _, following, running = self.mark.split(":")
        return int(following), [int(number) for number in running.split(",") if number]


def position_in(snapshot: Snapshot) -> Position:
    return Position(*snapshot.rows(_POSITION[snapshot.is_sqlite])[0])


def changed_since(earlier: Position, is_sqlite: bool) -> str:
    """The SQL condition on a mirrored table's rows that transactions wrote which `earlier` did not see.

    On PostgreSQL the comparison is for the index; what the earlier snapshot saw among the rest is then left out.
    """
    if is_sqlite:
        return f"changed_in > {_number(earlier.mark)}"
    seen = f"pg_visible_in_snapshot(changed_in::text::xid8, '{earlier.mark}'::pg_snapshot)"
    return f"changed_in >= {_number(earlier.mark)} and not {seen}"


def changed_rows(snapshot: Snapshot, earlier: Position | None, at_most: int) -> dict[str, int]:
    """How many rows changed in each mirrored table that has any, counted up to a limit; from None, all rows."""
    condition = changed_since(earlier, snapshot.is_sqlite) if earlier else "true"
    counts = [
        f"select '{table.name}' as name, count(*) as rows from"
        f" (select 1 from {table.name} where {condition} limit {at_most}) as changed"
        for table in mirrored_tables()
    ]
    return {name: rows for name, rows in snapshot.rows(" union all ".join(counts)) if rows}


def _number(mark: str) -> int:
    return int(mark.partition(":")[0])
