"""Browsers that people sign in with: what to call them, and which of them know an account.

A browser knows an account once its owner has signed in with it. Only a hash of the mark in its cookie is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from ua_parser import parse

from data.models import KnownBrowser, User
from data.record import Record, Transaction
from progress.people.links import insert_into

KNOWN_FOR = timedelta(days=400)  # browsers keep no cookie for longer


@dataclass(frozen=True)
class Browser:
    """What the sign-in page knows of a browser.

    `mark` is the secret in its permanent cookie; `form` is the forms' secret, in a cookie that ends when it closes.
    """

    mark: str | None = None
    form: str | None = None
    user_agent: str = ""

    @property
    def words(self) -> str:
        """“Firefox on Windows”, for its owner to know it again."""
        found = parse(self.user_agent[:1_000])
        program = found.user_agent.family if found.user_agent else "An unknown browser"
        return f"{program} on {found.os.family}" if found.os else program


UNKNOWN_BROWSER = Browser()


@dataclass(frozen=True)
class Acquaintance:
    """What an account knows of the browser and network of a sign-in. `browser` is the mark's hash if it is known."""

    browser: str | None
    is_at_home: bool


def hashed(secret: str | None) -> str | None:
    return sha256(secret.encode()).hexdigest() if secret else None


def acquaintance(record: Record, username: str, browser: Browser, network: str) -> Acquaintance:
    mark = hashed(browser.mark)
    knows = select(KnownBrowser.mark_hash).join(User, User.id == KnownBrowser.user_id).where(User.username == username)
    with record.reading() as connection:
        is_known = mark and connection.execute(knows.where(KnownBrowser.mark_hash == mark)).one_or_none()
        of_network = connection.execute(knows.where(KnownBrowser.address == network).limit(1)).one_or_none()
    return Acquaintance(mark if is_known else None, of_network is not None)


def remember_browser(tx: Transaction, user_id: int, browser: Browser, network: str, now: datetime) -> None:
    """Store that this browser knows the account."""
    tx.execute(delete(KnownBrowser).where(KnownBrowser.last_signed_in_at <= now - KNOWN_FOR))
    mark = hashed(browser.mark)
    if mark is None:
        return
    seen = {"address": network, "last_signed_in_at": now}
    adding = insert_into(tx, KnownBrowser).values(mark_hash=mark, user_id=user_id, **seen)
    tx.execute(adding.on_conflict_do_update(index_elements=["mark_hash", "user_id"], set_=seen))
