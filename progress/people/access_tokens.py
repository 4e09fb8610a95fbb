"""Access tokens, with which a program acts as its owner: creating, listing, revoking and looking them up.

`access` decides what a token's owner may see and record; `api` reads the header and chooses the status.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from data.models import AccessToken, User, UserRole
from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.audit.noting import note
from progress.people.access import viewer_found_by
from progress.people.last_use import note_use

SCOPES = ("read", "record", "manage")
USUAL_DAYS = 90
MOST_DAYS = 366
LONGEST_NAME = 100
MOST_TOKENS = 50

_PREFIX = "wm_"  # so that a token found in a file or a log can be recognised
_FORM = re.compile(_PREFIX + r"[A-Za-z0-9_-]{43}")
_HINT_LENGTH = 8


@dataclass
class NamelessToken(ValueError):
    """The name is missing, too long, or contains characters that cannot be shown."""

    name: str

    def __str__(self) -> str:
        return f"Give the access a name of 1 to {LONGEST_NAME} characters, such as the program that will use it."


@dataclass
class UnknownScopes(ValueError):
    """No scope was given, or one that does not exist."""

    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return f"Choose at least one thing that the program may do. There are: {', '.join(SCOPES)}."


@dataclass
class ImpossibleExpiry(ValueError):
    expires_at: datetime

    def __str__(self) -> str:
        return f"Access must end in the future, and within {MOST_DAYS} days."


@dataclass
class OnlyForAdministrators(ValueError):
    user_id: int

    def __str__(self) -> str:
        return "Only administrators can give a program the scope “manage”."


@dataclass
class TooManyTokens(ValueError):
    user_id: int

    def __str__(self) -> str:
        return f"Nobody can have more than {MOST_TOKENS} programs at a time. Revoke some that are not needed."


@dataclass
class NoSuchOwner(LookupError):
    """Nobody has this id, or the account is closed."""

    user_id: int

    def __str__(self) -> str:
        return f"There is no active person with the id {self.user_id}."


@dataclass
class UnknownToken(LookupError):
    """No such token, or someone else's: callers cannot tell which."""

    token_id: int

    def __str__(self) -> str:
        return f"There is no access token with the number {self.token_id}."


@dataclass(frozen=True)
class NewToken:
    """`token` is known only now: the record keeps nothing from which it could be recovered."""

    id: int
    token: str


@dataclass(frozen=True)
class TokenFacts:
    """What can be shown of a token later. `state` is active, expired or revoked."""

    id: int
    user_id: int
    username: str | None
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "active" if self.expires_at > datetime.now(UTC) else "expired"


@dataclass(frozen=True)
class TokenBearer:
    """The token's owner, who is acting through a program."""

    viewer: Viewer
    token_id: int
    scopes: frozenset[str]


def create_token(tx: Transaction, user_id: int, name: str, scopes: Iterable[str], expires_at: datetime) -> NewToken:
    """Create a token; this is the only time that it can be seen.

    Raises NamelessToken, UnknownScopes, ImpossibleExpiry, NoSuchOwner, OnlyForAdministrators, TooManyTokens.
    """
    now = datetime.now(UTC)
    wanted = tuple(scopes)
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise NamelessToken(name)
    if not wanted or not set(wanted) <= set(SCOPES):
        raise UnknownScopes(wanted)
    if not now < expires_at <= now + timedelta(days=MOST_DAYS):
        raise ImpossibleExpiry(expires_at)
    _check_owner(tx, user_id, wanted, now)
    token = _PREFIX + secrets.token_urlsafe(32)
    row: dict[str, Any] = {
        "user_id": user_id,
        "name": name.strip(),
        "hint": token[:_HINT_LENGTH],
        "token_hash": _token_hash(token),
        "scopes": " ".join(scope for scope in SCOPES if scope in wanted),
        "created_at": now,
        "expires_at": expires_at,
    }
    token_id: int = tx.execute(insert(AccessToken).values(row).returning(AccessToken.id)).scalar_one()
    note(tx, "token.made", subject_id=user_id, token_id=token_id, name=row["name"], scopes=row["scopes"])
    return NewToken(token_id, token)


def revoke_token(tx: Transaction, token_id: int, *, owner_id: int | None = None) -> None:
    """Revoke a token at once; a revoked one keeps its time. With `owner_id`, only theirs. Raises UnknownToken."""
    found = select(AccessToken.user_id, AccessToken.name, AccessToken.revoked_at).where(AccessToken.id == token_id)
    if owner_id is not None:
        found = found.where(AccessToken.user_id == owner_id)
    token = tx.execute(found).one_or_none()
    if token is None:
        raise UnknownToken(token_id)
    if token.revoked_at is None:
        tx.execute(update(AccessToken).where(AccessToken.id == token_id, _IS_OPEN).values(revoked_at=datetime.now(UTC)))
        note(tx, "token.revoked", subject_id=token.user_id, token_id=token_id, name=token.name)


def tokens_of(user_id: int | None = None) -> list[TokenFacts]:
    """All tokens that this person, or anyone, ever created, newest first."""
    columns = [getattr(AccessToken, name) for name in TokenFacts.__annotations__ if name != "username"]
    listed = select(*columns, User.username).join(User).order_by(AccessToken.id.desc())
    if user_id is not None:
        listed = listed.where(AccessToken.user_id == user_id)
    with current_record().reading() as connection:
        rows = connection.execute(listed).mappings().all()
    return [TokenFacts(**{**row, "scopes": tuple(row["scopes"].split())}) for row in rows]


def token_bearer(token: str) -> TokenBearer | None:
    """The token's owner and scopes; None if it is unknown, expired or revoked, or the account is closed.

    One read by key. Its use is noted at most once a minute, in the background.
    """
    if not _FORM.fullmatch(token):
        return None
    now = datetime.now(UTC)
    found = viewer_found_by(_BEARER, {"token_hash": _token_hash(token), "now": now})
    if found is None:
        return None
    row, viewer = found
    note_use(current_record(), AccessToken, row.id, row.last_used_at)
    return TokenBearer(viewer, row.id, frozenset(row.scopes.split()))


_IS_OPEN = AccessToken.revoked_at.is_(None)
_BEARER = (
    select(AccessToken.id, AccessToken.user_id, AccessToken.scopes, AccessToken.last_used_at)
    .join(User, User.id == AccessToken.user_id)
    .where(
        AccessToken.token_hash == bindparam("token_hash"),
        AccessToken.expires_at > bindparam("now"),
        _IS_OPEN,
        User.is_active,
    )
)


def _token_hash(token: str) -> str:
    """Fast on purpose: passwords need a slow hash because they can be guessed, but 256 random bits cannot."""
    return sha256(token.encode()).hexdigest()


def _check_owner(tx: Transaction, user_id: int, scopes: tuple[str, ...], now: datetime) -> None:
    if tx.execute(select(User.id).where(User.id == user_id, User.is_active).with_for_update()).one_or_none() is None:
        raise NoSuchOwner(user_id)
    role = select(UserRole.role).where(UserRole.user_id == user_id, UserRole.ended_at.is_(None))
    if "manage" in scopes and "administrator" not in tx.execute(role).scalars().all():
        raise OnlyForAdministrators(user_id)
    in_use = select(func.count()).where(AccessToken.user_id == user_id, AccessToken.expires_at > now, _IS_OPEN)
    if tx.execute(in_use).scalar_one() >= MOST_TOKENS:
        raise TooManyTokens(user_id)
