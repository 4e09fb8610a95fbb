"""Records that begin anew: the content goes, the connections and what was prepared for them stay."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, NullPool, Table, create_engine, insert, select, text
from sqlalchemy.engine import make_url

from data.record import Record

_NEW_IDENTITY = text("update record_info set record_uuid = :uuid")

# All that the current database knows of itself, but for its rows.
_SHAPE = text("""
    with own as (
        select c.oid, c.oid::regclass::text as name, c.relkind, c.relowner
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    )
    select md5(string_agg(part, ',' order by part)) from (
        select concat_ws('/', name, relkind, relowner) from own
        union all
        select concat_ws('/', name, attname, atttypid, attnotnull, atthasdef)
        from pg_attribute join own on oid = attrelid where attnum > 0 and not attisdropped
        union all select concat_ws('/', name, conname) from pg_constraint join own on own.oid = conrelid
        union all select concat_ws('/', name, tgname, tgenabled) from pg_trigger join own on own.oid = tgrelid
        union all select proname from pg_proc where pronamespace = 'public'::regnamespace
        union all select nspname from pg_namespace where nspname !~ '^pg_'
        union all
        select setconfig::text from pg_db_role_setting join pg_database d on d.oid = setdatabase
        where datname = current_database()
    ) parts (part)
""")
_END_OTHERS = text("""
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
""")
# The entries of the audit trail and foreign keys would refuse it otherwise.
_EMPTY = text("""
    do $$
    declare each record;
    begin
        set local session_replication_role = replica;
        for each in select tablename from pg_tables where schemaname = 'public' loop
            execute format('delete from %I', each.tablename);
        end loop;
        for each in select sequencename, start_value from pg_sequences where last_value is not null loop
            perform setval(format('%I', each.sequencename)::regclass, each.start_value, false);
        end loop;
    end $$
""")


def become_another(record: Record) -> None:
    """Give a copied record an identity of its own: whatever is remembered of the other one is then not taken for it."""
    with record.engine.begin() as connection:
        connection.execute(_NEW_IDENTITY, {"uuid": str(uuid.uuid4())})


def renew(record: Record, migrated: Path) -> None:
    """Turn a SQLite record, whatever it holds, into another one that is as empty as the migrated file."""
    file = Path(record.engine.url.database or "")
    with closing(sqlite3.connect(migrated)) as empty, closing(sqlite3.connect(file)) as worn:
        empty.backup(worn)
    become_another(record)


def database_url(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def make_database(server_url: str, name: str) -> str:
    """Make a copy of the migrated database, and return its URL."""
    run_outside_transaction(server_url, f"create database {name} template migrated strategy file_copy")
    return database_url(server_url, name)


def drop_database(server_url: str, name: str) -> None:
    run_outside_transaction(server_url, f"drop database if exists {name} with (force)")


def run_outside_transaction(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


class RenewedDatabase:
    """One database of PostgreSQL for many tests: emptied before each, made anew after a test that changed its shape."""

    def __init__(self, server_url: str, name: str) -> None:
        self._server_url, self._name = server_url, name
        with create_engine(database_url(server_url, "migrated"), poolclass=NullPool).connect() as migrated:
            self._shape, self._rows = _shape(migrated), _rows(migrated)
        self.url = make_database(server_url, name)

    def renew(self) -> None:
        with create_engine(self.url, poolclass=NullPool).begin() as connection:
            connection.execute(_END_OTHERS)
            is_whole = _shape(connection) == self._shape
            if is_whole:
                connection.execute(_EMPTY)
                for table, rows in self._rows.items():
                    connection.execute(insert(table), rows)
        if not is_whole:
            drop_database(self._server_url, self._name)
            make_database(self._server_url, self._name)

    def close(self) -> None:
        drop_database(self._server_url, self._name)


def _shape(connection: Connection) -> Any:
    return connection.scalar(_SHAPE)


def _rows(connection: Connection) -> dict[Table, list[dict[str, Any]]]:
    """The rows with which every new record begins."""
    tables = MetaData()
    tables.reflect(connection)
    found = {
        table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables.sorted_tables
    }
    return {table: rows for table, rows in found.items() if rows}
