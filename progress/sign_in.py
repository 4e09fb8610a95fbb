"""Who is signed in: opening and ending sessions, and slowing down guesses.

Accounts and passwords are `progress.people`'s; forms, cookies and addresses of pages are the front door's (`api`).
"""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import BoundedSemaphore

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from data.models import SignInAttempt, SignInSession, User
from data.record import Transaction, current_record
from data.row import find_row
from data.settings import settings
from data.viewer import Viewer
from progress.access import viewer_found_by
from progress.passwords import PASSWORD_HASH
from progress.people import plain_username

SESSION_COOKIE = "waymark_session"
LOOK_BACK = timedelta(minutes=15)
FAILURES_PER_USERNAME = 5
FAILURES_PER_ADDRESS = 30  # a whole class can sit behind one address
LONGEST_USERNAME = 200

# Checking a password takes 64 MiB for its duration, so few are checked at once; and an attempt counts as failed until
# it is checked, so a school that signs in at nine o'clock must not have many of them waiting.
_ROOM_TO_CHECK = BoundedSemaphore(4)

# Checked against when there is no such account, so that the answer takes as long as for one that exists.
_NOBODYS_HASH = PASSWORD_HASH.hash(secrets.token_urlsafe())

_OPEN_SESSION = (
    select(SignInSession.user_id)
    .join(User, User.id == SignInSession.user_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        User.is_active,
    )
)


class WrongCredentials(ValueError):
    """No such account, a closed one, or another password: people are not told which."""

    def __init__(self, username: str) -> None:
        super().__init__("That username and password do not belong together.")
        self.username = username


class TooManyGuesses(ValueError):
    def __init__(self, retry_after_seconds: int) -> None:
        minutes = ceil(retry_after_seconds / 60)
        super().__init__(f"Too many sign-ins have failed. Try again in {minutes} minute{'' if minutes == 1 else 's'}.")
        self.retry_after_seconds = retry_after_seconds


def sign_in(username: str, password: str, address: str) -> str:
    """Open a session for `settings().session_hours` and return its token; only a hash of it is stored.

    Raises WrongCredentials. Raises TooManyGuesses, for a right password too, after 5 failures in 15 minutes with this
    username or 30 from this address (in IPv6: from its /64 network).
    """
    name = plain_username(username).replace("\0", "")[:LONGEST_USERNAME]
    with _ROOM_TO_CHECK:
        _note_attempt(name, network_of(address), datetime.now(UTC))
        user_id = _owner(name, password)
        if user_id is None:
            raise WrongCredentials(name)
        return _open_session(user_id, name, datetime.now(UTC))


def signed_in_user(token: str | None) -> int | None:
    """The person whose open session this is; None once it ended or expired or the account was closed.

    Asked on every page run and request: one read by primary key, no write.
    """
    if not token:
        return None
    found = find_row(current_record(), _OPEN_SESSION, {"token_hash": _token_hash(token), "now": datetime.now(UTC)})
    return None if found is None else int(found.user_id)


def signed_in_viewer(token: str | None) -> Viewer | None:
    """The same person with what they may see, in one read."""
    if not token:
        return None
    found = viewer_found_by(_OPEN_SESSION, {"token_hash": _token_hash(token), "now": datetime.now(UTC)})
    return found[1] if found else None


def sign_out(token: str) -> None:
    """End this session. One that has already ended keeps its time; an unknown one changes nothing."""
    is_open = (SignInSession.token_hash == _token_hash(token)) & SignInSession.ended_at.is_(None)
    with current_record().writing() as tx:
        tx.execute(update(SignInSession).where(is_open).values(ended_at=datetime.now(UTC)))


def token_mark(token: str) -> str:
    """A name for a session that gives away neither its token nor what the record stores of it."""
    return sha256(b"mark of " + token.encode()).hexdigest()


def network_of(address: str) -> str:
    """The address as guesses are counted: one IPv6 customer holds a whole /64. Anything else stays as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else str(parsed)


def account_mark(username: str) -> str:
    """What stands for a username among attempts: people type passwords there."""
    return sha256(username.encode()).hexdigest()


def _token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _note_attempt(username: str, address: str, now: datetime) -> None:
    """Store the attempt as failed before its password is checked: guesses made side by side count each other.

    The first look spares the write lock: whoever is refused writes nothing, and so does not lengthen the wait either.
    """
    record = current_record()
    with record.reading() as connection:
        _refuse_too_many(connection, username, address, now)
    with record.writing() as tx:
        _take_turns(tx)
        _refuse_too_many(tx.connection, username, address, now)
        tx.execute(delete(SignInAttempt).where(SignInAttempt.attempted_at <= now - LOOK_BACK))
        tx.execute(insert(SignInAttempt).values(account=account_mark(username), address=address, attempted_at=now))


def _take_turns(tx: Transaction) -> None:
    if not tx.is_sqlite:  # SQLite has one writer at a time anyway
        tx.execute(text("lock table sign_in_attempts in exclusive mode"))


def _refuse_too_many(connection: Connection, username: str, address: str, now: datetime) -> None:
    waits = (
        _wait(connection, SignInAttempt.account, account_mark(username), FAILURES_PER_USERNAME, now),
        _wait(connection, SignInAttempt.address, address, FAILURES_PER_ADDRESS, now),
    )
    if any(waits):
        raise TooManyGuesses(max(waits))


def _wait(connection: Connection, column: InstrumentedAttribute[str], value: str, allowed: int, now: datetime) -> int:
    """Seconds until fewer than the allowed failures lie within the look-back; 0 when that is so already."""
    recent = (column == value) & (SignInAttempt.attempted_at > now - LOOK_BACK)
    newest_first = select(SignInAttempt.attempted_at).where(recent).order_by(SignInAttempt.attempted_at.desc())
    decisive = connection.scalar(newest_first.offset(allowed - 1).limit(1))
    return ceil((decisive + LOOK_BACK - now).total_seconds()) if decisive else 0


def _owner(username: str, password: str) -> int | None:
    """The active person with this username and password; the same work is done where there is none."""
    account = select(User.id, User.password_hash).where(User.username == username, User.is_active)
    with current_record().reading() as connection:
        found = connection.execute(account.where(User.password_hash.is_not(None))).one_or_none()
    is_right = PASSWORD_HASH.verify(password, found.password_hash if found else _NOBODYS_HASH)
    return found.id if found and is_right else None


def _open_session(user_id: int, username: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=settings().session_hours)
    session = {"token_hash": _token_hash(token), "user_id": user_id, "created_at": now, "expires_at": expires_at}
    with current_record().writing() as tx:
        tx.execute(delete(SignInAttempt).where(SignInAttempt.account == account_mark(username)))
        tx.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
        tx.execute(insert(SignInSession).values(session))
    return token
