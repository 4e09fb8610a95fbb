"""Positions: states of a record, and which rows changed from one to the next."""

from dataclasses import dataclass

from data.columnar import Snapshot
from data.mirror.layout import mirrored_tables

# The database's own id is part of a PostgreSQL record's identity, since every server counts transactions on its own.
_IDENTITY = {
    True: "select record_uuid, mirror_epoch, cast(change_number as text), {witness} from record_info, {newest}",
    False: "select record_uuid || '/' || d.oid, mirror_epoch, pg_current_snapshot()::text, {witness}"
    " from record_info, {newest}, pg_database d where datname = current_database()",
}
_MARKS = "select cast(count(*) as text) || ':' || cast(sum(mark) as text) from transaction_marks where number >= "
# The transaction that ended last is among those since the oldest one that ran concurrently with the newest, because
# whatever ended before that one began, ended before it. So a copy that lacks part of a state lacks one of these marks.
_POSITION = {
    is_sqlite: statement.format(
        witness=f"newest.oldest_running || ':' || ({_MARKS} newest.oldest_running)",
        newest="(select oldest_running from transaction_marks order by number desc limit 1) as newest",
    )
    for is_sqlite, statement in _IDENTITY.items()
}


@dataclass(frozen=True)
class Position:
    """One state of one record.

    `mark` is the number of the last write transaction on SQLite. PostgreSQL's transactions commit in another order
    than that of their numbers, so there it is the snapshot: `oldest running:next:running,running,…`.

    `witness` are the marks of the transactions that came last (`number of the first:count:sum`): a record that holds
    them went through this state.
    """

    record_uuid: str
    mirror_epoch: int
    mark: str
    witness: str

    @property
    def is_sound(self) -> bool:
        """Whether a database can read the mark, since text from outside can be anything that looks like one."""
        if ":" not in self.mark:
            return True
        following, running = self.unseen()
        numbers = [_number(self.mark), *running]
        return numbers == sorted(numbers) and 0 < numbers[0] <= following and all(each < following for each in running)

    def may_continue(self, earlier: "Position") -> bool:
        """Whether `earlier` can be an earlier state of the same record; `goes_on` proves it."""
        mine, others = ((each.record_uuid, each.mirror_epoch, ":" in each.mark) for each in (self, earlier))
        return mine == others and _number(self.mark) >= _number(earlier.mark)

    def unseen(self) -> tuple[int, list[int]]:
        """The transactions that this state lacks: all from a number on, and single ones below it."""
        if ":" not in self.mark:
            return _number(self.mark) + 1, []
        _, following, running = self.mark.split(":")
        return int(following), [int(number) for number in running.split(",") if number]


def position_in(snapshot: Snapshot) -> Position:
    return Position(*snapshot.rows(_POSITION[snapshot.is_sqlite])[0])


def goes_on(snapshot: Snapshot, earlier: Position, reached: Position) -> bool:
    """Whether the record went through `earlier` to reach its current state, so that the changes since are enough.

    False after it was restored to a state before that one, whatever was written since.
    """
    if not reached.may_continue(earlier):
        return False
    first, _, marks = earlier.witness.partition(":")
    seen = f"number <= {_number(earlier.mark)}" if snapshot.is_sqlite else _seen_by(earlier, "number")
    return bool(snapshot.value(f"{_MARKS}{int(first)} and {seen}") == marks)


def changed_since(earlier: Position, is_sqlite: bool) -> str:
    """The SQL condition for a mirrored table's rows that were written by transactions which `earlier` did not see.

    On PostgreSQL the comparison uses the index; rows that the earlier snapshot saw are then excluded.
    """
    if is_sqlite:
        return f"changed_in > {_number(earlier.mark)}"
    return f"changed_in >= {_number(earlier.mark)} and not {_seen_by(earlier, 'changed_in')}"


def changed_rows(snapshot: Snapshot, earlier: Position | None, at_most: int) -> dict[str, int]:
    """How many rows changed in each mirrored table with changes, counted up to a limit; from None, all rows."""
    condition = changed_since(earlier, snapshot.is_sqlite) if earlier else "true"
    counts = [
        f"select '{table.name}' as name, count(*) as rows from"
        f" (select 1 from {table.name} where {condition} limit {at_most}) as changed"
        for table in mirrored_tables()
    ]
    return {name: rows for name, rows in snapshot.rows(" union all ".join(counts)) if rows}


def _seen_by(position: Position, column: str) -> str:
    return f"pg_visible_in_snapshot({column}::text::xid8, '{position.mark}'::pg_snapshot)"


def _number(mark: str) -> int:
    return int(mark.partition(":")[0])
