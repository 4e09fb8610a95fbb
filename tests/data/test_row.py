"""A few rows, read and written past SQLAlchemy on SQLite, are what SQLAlchemy would have read and written."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from data.models import SignInSession, User
from data.record import Record
from data.row import change_rows, find_row, find_rows

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
_SESSIONS = (
    select(SignInSession.token_hash, SignInSession.expires_at, SignInSession.ended_at, User.is_active, User.full_name)
    .join(User, User.id == SignInSession.user_id)
    .where(SignInSession.expires_at > bindparam("after"), User.is_active)
    .order_by(SignInSession.token_hash)
)
_END = update(SignInSession).where(SignInSession.token_hash == bindparam("of")).values(ended_at=bindparam("at"))


@pytest.fixture
def sessions(record: Record) -> Record:
    """Two sessions of one person, which expire at noon and an hour later."""
    with record.writing() as tx:
        row = {"full_name": "Ada Bell", "is_active": True, "created_at": NOON, "changed_in": tx.number}
        user_id = tx.execute(insert(User).values(row).returning(User.id)).scalar_one()
        for number in range(2):
            expires_at = NOON + timedelta(hours=number)
            session = {"token_hash": f"hash {number}", "user_id": user_id, "created_at": NOON, "expires_at": expires_at}
            tx.execute(insert(SignInSession).values(session))
    return record


def with_sqlalchemy(record: Record, after: datetime) -> list[tuple[Any, ...]]:
    with record.reading() as connection:
        return [tuple(row) for row in connection.execute(_SESSIONS, {"after": after})]


def test_rows_are_those_that_sqlalchemy_finds(sessions: Record) -> None:
    before, late = NOON - timedelta(1), NOON + timedelta(minutes=30)
    with sessions.writing() as tx:
        found = find_rows(tx, _SESSIONS, {"after": before})
    assert [tuple(row) for row in found] == with_sqlalchemy(sessions, before)
    assert found[0].expires_at == NOON
    assert found[0].is_active is True
    assert tuple(find_row(sessions, _SESSIONS, {"after": late})) == with_sqlalchemy(sessions, late)[0]
    assert find_row(sessions, _SESSIONS, {"after": NOON + timedelta(1)}) is None


def test_changes_are_made_and_seen_at_once(sessions: Record) -> None:
    late = NOON + timedelta(minutes=30)
    assert find_row(sessions, _SESSIONS, {"after": late}).ended_at is None
    with sessions.writing() as tx:
        change_rows(tx, _END, [{"of": f"hash {number}", "at": late} for number in range(2)])
        change_rows(tx, _END, [])
        assert [row.ended_at for row in find_rows(tx, _SESSIONS, {"after": NOON - timedelta(1)})] == [late, late]
    assert find_row(sessions, _SESSIONS, {"after": late}).ended_at == late


def test_a_change_that_fails_leaves_nothing(sessions: Record) -> None:
    nobody = update(SignInSession).where(SignInSession.token_hash == bindparam("of")).values(user_id=bindparam("who"))

    def change() -> None:
        with sessions.writing() as tx:
            change_rows(tx, _END, [{"of": "hash 1", "at": NOON}])
            change_rows(tx, nobody, [{"of": "hash 1", "who": 987_654_321}])

    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        change()
    assert find_row(sessions, _SESSIONS, {"after": NOON}).ended_at is None


def test_a_closed_record_answers_again(sessions: Record) -> None:
    late = {"after": NOON + timedelta(minutes=30)}
    before = find_row(sessions, _SESSIONS, late)
    sessions.close()
    assert tuple(find_row(sessions, _SESSIONS, late)) == tuple(before)
