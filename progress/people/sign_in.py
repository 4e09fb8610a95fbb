"""Opening, looking up and ending sessions.

`guesses` decides how long an attempt waits; `api` has the forms, cookies and addresses of pages.
"""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from threading import BoundedSemaphore

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update

from data.models import PasswordState, SignInSession, User, UserRole
from data.record import current_record
from data.row import find_row
from data.settings import settings
from data.viewer import Viewer
from progress.audit.noting import note
from progress.people.access import viewer_found_by
from progress.people.accounts import plain_username
from progress.people.browsers import UNKNOWN_BROWSER, Browser, acquaintance, hashed, remember_browser
from progress.people.guesses import Attempt, forgive, note_attempt
from progress.people.known_sessions import asked, confirm, forget
from progress.people.last_use import note_use
from progress.people.links import insert_into
from progress.people.passwords import PASSWORD_HASH

SESSION_COOKIE = "waymark_session"
LONGEST_USERNAME = 200

# Checking a password needs 64 MiB, so only four are checked at once. An attempt counts as failed until it is checked,
# so it is noted only once there is room: many may wait when a school signs in at nine o'clock.
ROOM_TO_CHECK = BoundedSemaphore(4)

# Checked if there is no such account, so that the answer takes as long as for one that exists.
_NOBODYS_HASH = PASSWORD_HASH.hash(secrets.token_urlsafe())

_HOLDS_A_ROLE = exists().where(UserRole.user_id == SignInSession.user_id, UserRole.ended_at.is_(None))
_IS_ADMINISTRATOR = _HOLDS_A_ROLE.where(UserRole.role == "administrator")
_LAST_SEEN = func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)
_STANDING = (
    select(SignInSession.user_id, SignInSession.last_seen_at)
    .join(User, User.id == SignInSession.user_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        or_(_LAST_SEEN.op(">")(bindparam("idle_since")), ~_IS_ADMINISTRATOR),
        User.is_active,
    )
)
# A session whose password someone else chose does not count as open anywhere.
_OPEN_SESSION = _STANDING.where(~SignInSession.must_change_password)
_FOR_NEW_PASSWORD = _STANDING.where(SignInSession.must_change_password)


class WrongCredentials(ValueError):
    """No such account, a closed one, or a wrong password: callers cannot tell which."""

    def __init__(self, username: str) -> None:
        super().__init__("That username and password do not belong together.")
        self.username = username


def sign_in(username: str, password: str, address: str, browser: Browser = UNKNOWN_BROWSER) -> str:
    """Open a session for `settings().session_hours`; returns its token, of which only a hash is stored.

    Raises WrongCredentials, and TooManyGuesses while earlier failures count, even for the right password.
    """
    name, network = plain_username(username).replace("\0", "")[:LONGEST_USERNAME], network_of(address)
    with ROOM_TO_CHECK:
        known = acquaintance(current_record(), name, browser, network)
        attempt = Attempt(account_mark(name), network, known.browser, hashed(browser.form), known.is_at_home)
        note_attempt(current_record(), attempt, datetime.now(UTC))
        user_id = _owner(name, password)
        if user_id is None:
            _note_failure(name, network)
            raise WrongCredentials(name)
        return _open_session(user_id, attempt, browser, datetime.now(UTC))


def signed_in_user(token: str | None, *, is_use: bool = True) -> int | None:
    """The person whose open session this is; None once it has ended or expired, or the account was closed.

    Called on every page run and request: one read by primary key. With `is_use` its use is noted once a minute.
    """
    return asked("user", session_hash(token), lambda: _open_session_user(token, is_use)) if token else None


def is_found_at_once() -> bool:
    """SQLite's readers wait for nobody, and one row by its key takes less than a tenth of a millisecond."""
    return current_record().is_sqlite


def signed_in_viewer(token: str | None) -> Viewer | None:
    """The same person with what they may see, in one read."""
    return asked("viewer", session_hash(token), lambda: _open_session_viewer(token)) if token else None


def confirm_known_sessions(_: datetime) -> None:
    """Forget cached sessions that ended elsewhere; called regularly, so that few remain if the record goes away."""
    confirm(lambda session: find_row(current_record(), _OPEN_SESSION, _asking_by_hash(session)) is not None)


def user_with_set_password(token: str | None) -> int | None:
    """The person whose session opens nothing until they choose their own password; None for any other session."""
    found = find_row(current_record(), _FOR_NEW_PASSWORD, _asking(token)) if token else None
    return None if found is None else int(found.user_id)


def failures_before(token: str) -> int:
    """How many wrong passwords were tried between this session and the one before it."""
    statement = select(SignInSession.failed_before).where(SignInSession.token_hash == session_hash(token))
    with current_record().reading() as connection:
        return connection.scalar(statement) or 0


def sign_out(token: str) -> None:
    """End this session. One that has already ended keeps its time; an unknown one is ignored."""
    forget(session_hash(token))
    is_open = (SignInSession.token_hash == session_hash(token)) & SignInSession.ended_at.is_(None)
    with current_record().writing() as tx:
        ending = update(SignInSession).where(is_open).values(ended_at=datetime.now(UTC))
        user_id = tx.execute(ending.returning(SignInSession.user_id)).scalar()
        if user_id is not None:
            note(tx, "session.signed_out", subject_id=user_id, by=user_id)


def token_mark(token: str) -> str:
    """A name for a session that reveals neither its token nor the stored hash."""
    return sha256(b"mark of " + token.encode()).hexdigest()


def network_of(address: str) -> str:
    """The address by which guesses are counted: the /64 of an IPv6 address, since one customer has all of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else str(parsed)


def account_mark(username: str) -> str:
    """The hash by which attempts know a username, since people type passwords into that field."""
    return sha256(username.encode()).hexdigest()


def session_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _open_session_user(token: str, is_use: bool) -> tuple[int, int] | None:
    found = find_row(current_record(), _OPEN_SESSION, _asking(token))
    if found is None:
        return None
    if is_use:
        _note_seen(token, found.last_seen_at)
    return int(found.user_id), int(found.user_id)


def _open_session_viewer(token: str) -> tuple[int, Viewer] | None:
    found = viewer_found_by(_OPEN_SESSION, _asking(token))
    if found is None:
        return None
    _note_seen(token, found[0].last_seen_at)
    return found[1].user_id, found[1]


def _asking(token: str) -> dict[str, object]:
    return _asking_by_hash(session_hash(token))


def _asking_by_hash(session: str) -> dict[str, object]:
    now = datetime.now(UTC)
    idle_since = now - timedelta(minutes=settings().idle_minutes)
    return {"token_hash": session, "now": now, "idle_since": idle_since}


def _note_seen(token: str, last_seen_at: datetime | None) -> None:
    note_use(current_record(), SignInSession, session_hash(token), last_seen_at)


def _note_failure(username: str, network: str) -> None:
    """Note a failure for the audit trail and the account's owner, but no unknown username: it may be a password."""
    with current_record().writing() as tx:
        user_id = tx.execute(select(User.id).where(User.username == username)).scalar()
        note(tx, "sign_in.failed", subject_id=user_id, address=network, is_known=user_id is not None)
        if user_id is not None:
            failed = {"failed_count": PasswordState.failed_count + 1, "last_failed_at": datetime.now(UTC)}
            adding = insert_into(tx, PasswordState).values(user_id=user_id, **{**failed, "failed_count": 1})
            tx.execute(adding.on_conflict_do_update(index_elements=["user_id"], set_=failed))


def _owner(username: str, password: str) -> int | None:
    """The active person with this username and password; takes equally long if there is none."""
    account = select(User.id, User.password_hash).where(User.username == username, User.is_active)
    with current_record().reading() as connection:
        found = connection.execute(account.where(User.password_hash.is_not(None))).one_or_none()
    is_right = PASSWORD_HASH.verify(password, found.password_hash if found else _NOBODYS_HASH)
    return found.id if found and is_right else None


def _open_session(user_id: int, attempt: Attempt, browser: Browser, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    is_theirs = PasswordState.user_id == user_id
    with current_record().writing() as tx:
        state = tx.execute(select(PasswordState.must_be_changed, PasswordState.failed_count).where(is_theirs)).first()
        session = {
            "token_hash": session_hash(token),
            "user_id": user_id,
            "created_at": now,
            "expires_at": now + timedelta(hours=settings().session_hours),
            "last_seen_at": now,
            "browser": browser.words if browser.user_agent else None,
            "address": attempt.address,
            "failed_before": max(0, (state.failed_count if state else 0) - forgive(tx, attempt)),
            "must_change_password": bool(state and state.must_be_changed),
        }
        tx.execute(update(PasswordState).where(is_theirs).values(failed_count=0))
        tx.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
        tx.execute(insert(SignInSession).values(session))
        remember_browser(tx, user_id, browser, attempt.address, now)
        note(tx, "sign_in.succeeded", subject_id=user_id, by=user_id, address=attempt.address)
    return token
