"""How long someone has to wait before their next password is checked.

Failures lengthen the wait, refusals do not. They are counted by account and network together, so that nobody can lock
out people elsewhere. A browser in which the account's owner has signed in before is counted separately, so that nobody
can lock the owner out there. DECISIONS.md says what this does not cover.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, distinct, func, insert, select, text, update

from data.models import SignInAttempt
from data.record import Record, Transaction

LOOK_BACK = timedelta(hours=1)
FREE_FAILURES = 4
LONGEST_SECONDS = 300
LONGEST_SECONDS_OF_A_KNOWN_BROWSER = 60

# Guessing at one account from many networks. From this many failures on networks where its owner never signed in, each
# of these gets a single attempt before it waits; from the second number on, they have to take turns.
FAILURES_OF_A_HUNT = 20
FAILURES_OF_A_SIEGE = 60
LONGEST_SECONDS_OF_A_SIEGE = 60

# Guessing at many accounts from one network. When a school of 600 signs in at nine, some dozens mistype a password;
# accounts that then sign in no longer count.
ACCOUNTS_OF_A_SPRAY = 50
LOOK_BACK_OF_A_SPRAY = timedelta(minutes=15)
LONGEST_SECONDS_OF_A_SPRAY = 5


@dataclass(frozen=True)
class Attempt:
    """Whose password is tried, and from where. `account` and `form` are hashes.

    `browser` is the hash of the mark if the browser knows the account, else None. `form` identifies any browser until
    it is closed. `is_at_home`: the account's owner has signed in from this network before.
    """

    account: str
    address: str
    browser: str | None = None
    form: str | None = None
    is_at_home: bool = False


class TooManyGuesses(ValueError):
    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many sign-ins have failed. Try again in {in_words(retry_after_seconds)}.")
        self.retry_after_seconds = retry_after_seconds


def in_words(seconds: int) -> str:
    """“1 second”, “40 seconds”, “2 minutes”."""
    number, word = (seconds, "second") if seconds < 100 else (ceil(seconds / 60), "minute")
    return f"{number} {word}{'' if number == 1 else 's'}"


def note_attempt(record: Record, attempt: Attempt, now: datetime) -> None:
    """Store the attempt as failed before its password is checked, so that concurrent guesses count each other.

    Checked first without the write lock: a refused attempt writes nothing, so it does not lengthen the wait either.
    Raises TooManyGuesses.
    """
    _forget_the_future(record, now)
    with record.reading() as connection:
        _refuse_too_many(connection, attempt, now)
    with record.writing() as tx:
        _take_turns(tx)
        _refuse_too_many(tx.connection, attempt, now)
        tx.execute(delete(SignInAttempt).where(SignInAttempt.attempted_at <= now - LOOK_BACK))
        row = {name: getattr(attempt, name) for name in ("account", "address", "browser", "form")}
        tx.execute(insert(SignInAttempt).values(row | {"attempted_at": now}))


def forgive(tx: Transaction, attempt: Attempt) -> int:
    """Forget the failures that count together with this attempt, whose password was right.

    Returns how many of the account's failures came from this browser: those are its owner's own mistakes.
    """
    of_account = SignInAttempt.account == attempt.account
    own = select(func.count()).where(of_account, SignInAttempt.form == attempt.form)
    own_count: int = tx.execute(own).scalar_one() - 1 if attempt.form else 0  # this attempt is among them
    is_known = SignInAttempt.browser == attempt.browser
    is_unknown = SignInAttempt.browser.is_(None) & (SignInAttempt.address == attempt.address)
    tx.execute(delete(SignInAttempt).where(of_account, is_known if attempt.browser else is_unknown))
    return max(0, own_count)


def _take_turns(tx: Transaction) -> None:
    if not tx.is_sqlite:  # SQLite has one writer at a time anyway
        tx.execute(text("lock table sign_in_attempts in exclusive mode"))


def _forget_the_future(record: Record, now: datetime) -> None:
    """After the clock was set back, attempts dated ahead count from now, so that nobody waits until it catches up."""
    is_ahead = SignInAttempt.attempted_at > now
    with record.reading() as connection:
        if connection.execute(select(SignInAttempt.id).where(is_ahead).limit(1)).one_or_none() is None:
            return
    with record.writing() as tx:
        tx.execute(update(SignInAttempt).where(is_ahead).values(attempted_at=now))


def _refuse_too_many(connection: Connection, attempt: Attempt, now: datetime) -> None:
    wait = _wait_of_known(connection, attempt, now) if attempt.browser else _wait_of_unknown(connection, attempt, now)
    if wait > 0:
        raise TooManyGuesses(wait)


def _wait_of_known(connection: Connection, attempt: Attempt, now: datetime) -> int:
    mine = _failures(connection, _account(attempt), SignInAttempt.browser == attempt.browser, now=now)
    return mine.wait(_growing(mine.count, FREE_FAILURES, LONGEST_SECONDS_OF_A_KNOWN_BROWSER), now)


def _wait_of_unknown(connection: Connection, attempt: Attempt, now: datetime) -> int:
    unknown = SignInAttempt.browser.is_(None)
    at_address = SignInAttempt.address == attempt.address
    here = _failures(connection, _account(attempt), at_address, unknown, now=now)
    anywhere = _failures(connection, _account(attempt), unknown, now=now)
    is_welcome = attempt.is_at_home or anywhere.count < FAILURES_OF_A_HUNT
    waits = [here.wait(_growing(here.count, FREE_FAILURES if is_welcome else 1, LONGEST_SECONDS), now)]
    if not is_welcome and anywhere.count >= FAILURES_OF_A_SIEGE:
        longer = min(anywhere.count - FAILURES_OF_A_SIEGE + 1, LONGEST_SECONDS_OF_A_SIEGE)
        waits.append(anywhere.wait(longer, now))
    spray = _failures(connection, at_address, unknown, now=now, look_back=LOOK_BACK_OF_A_SPRAY)
    if spray.accounts_count >= ACCOUNTS_OF_A_SPRAY:
        waits.append(spray.wait(min(spray.accounts_count // ACCOUNTS_OF_A_SPRAY, LONGEST_SECONDS_OF_A_SPRAY), now))
    return max(waits)


@dataclass(frozen=True)
class _Failures:
    count: int
    accounts_count: int
    newest: datetime | None

    def wait(self, seconds: int, now: datetime) -> int:
        """Whole seconds left of a wait that began with the newest failure; 0 if it is over."""
        return max(0, ceil((self.newest - now).total_seconds() + seconds)) if self.newest and seconds else 0


def _failures(
    connection: Connection, *which: ColumnElement[bool], now: datetime, look_back: timedelta = LOOK_BACK
) -> _Failures:
    newest: Any = func.max(SignInAttempt.attempted_at)
    counted = select(func.count(), func.count(distinct(SignInAttempt.account)), newest)
    return _Failures(*connection.execute(counted.where(*which, SignInAttempt.attempted_at > now - look_back)).one())


def _growing(failures: int, free: int, longest: int) -> int:
    """2, 4, 8, … seconds once the free failures are used up."""
    return 0 if failures < free else min(2 ** min(failures - free + 1, 16), longest)


def _account(attempt: Attempt) -> ColumnElement[bool]:
    return SignInAttempt.account == attempt.account
