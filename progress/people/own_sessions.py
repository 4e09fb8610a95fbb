"""The viewer's own sessions: listing and ending them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from data.models import SignInSession
from data.record import current_record
from data.viewer import Viewer
from progress.audit.noting import note
from progress.people.sign_in import session_hash

_ID_LENGTH = 16


@dataclass
class UnknownSession(LookupError):
    """No such session, someone else's, or an ended one: callers cannot tell which."""

    session_id: str

    def __str__(self) -> str:
        return "There is no such open session of yours."


@dataclass(frozen=True)
class SessionFacts:
    """A session. `address` is the network that it was opened from, `browser` words such as “Firefox on Linux”."""

    id: str
    browser: str | None
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def own_sessions(viewer: Viewer, token: str | None) -> list[SessionFacts]:
    """The viewer's open sessions: the one with this token first, then the most recently seen."""
    now, this = datetime.now(UTC), session_hash(token or "")
    columns = (SignInSession.browser, SignInSession.address, SignInSession.created_at, _LAST_SEEN.label("last_seen_at"))
    found = select(SignInSession.token_hash, *columns).where(_open(viewer, now)).order_by(_LAST_SEEN.desc())
    with current_record().reading() as connection:
        rows = connection.execute(found).all()
    facts = [
        SessionFacts(key[:_ID_LENGTH], browser, address, created_at, last_seen_at, key == this)
        for key, browser, address, created_at, last_seen_at in rows
    ]
    return sorted(facts, key=lambda each: not each.is_this)


def end_session(viewer: Viewer, session_id: str) -> None:
    """End one of the viewer's own sessions at once. Raises UnknownSession."""
    starts = func.substr(SignInSession.token_hash, 1, _ID_LENGTH) == session_id
    if not _end(viewer, starts):
        raise UnknownSession(session_id)


def end_other_sessions(viewer: Viewer, token: str | None) -> int:
    """End all of the viewer's sessions except the one with this token; returns how many."""
    return _end(viewer, SignInSession.token_hash != session_hash(token or ""))


def _end(viewer: Viewer, which: ColumnElement[bool]) -> int:
    now = datetime.now(UTC)
    with current_record().writing(by=viewer.user_id) as tx:
        ending = update(SignInSession).where(_open(viewer, now), which).values(ended_at=now)
        count: int = tx.execute(ending).rowcount
        if count:
            note(tx, "session.ended", subject_id=viewer.user_id, sessions=count)
    return count


def _open(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    mine = SignInSession.user_id == viewer.user_id
    return mine & SignInSession.ended_at.is_(None) & (SignInSession.expires_at > now)


_LAST_SEEN: Any = func.coalesce(SignInSession.last_seen_at, SignInSession.created_at)
