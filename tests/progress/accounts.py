"""Accounts to sign in to, failed attempts, and time that passes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from data.models import SignInAttempt, SignInSession
from data.record import Record
from progress.people.accounts import add_user
from progress.people.sign_in import WrongCredentials, sign_in

HOME = "192.0.2.1"
PASSWORD = "correct horse battery"


def person(record: Record, username: str | None = "ada", password: str | None = PASSWORD) -> int:
    with record.writing() as tx:
        return add_user(tx, "Ada Lovelace", username=username, password=password)


def count(record: Record, model: type[SignInAttempt] | type[SignInSession]) -> int:
    with record.reading() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def fail(username: str = "ada", address: str = HOME, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            sign_in(username, "wrong", address)


def let_pass(record: Record, passed: timedelta) -> None:
    """Move every attempt and session into the past, as if this much time had gone by since."""
    with record.writing() as tx:
        for attempt in tx.execute(select(SignInAttempt.id, SignInAttempt.attempted_at)).all():
            earlier = {"attempted_at": attempt.attempted_at - passed}
            tx.execute(update(SignInAttempt).where(SignInAttempt.id == attempt.id).values(earlier))
        for session in tx.execute(select(SignInSession.token_hash, SignInSession.expires_at)).all():
            earlier = {"expires_at": session.expires_at - passed}
            tx.execute(update(SignInSession).where(SignInSession.token_hash == session.token_hash).values(earlier))
