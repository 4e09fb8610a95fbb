"""Ending everything that someone has open, as a new password and a closed account require."""

from datetime import UTC, datetime

from sqlalchemy import delete, update

from data.models import AccessToken, KnownBrowser, SignInSession
from data.record import Transaction
from progress.people.known_sessions import forget_person


def sign_out_everywhere(tx: Transaction, user_id: int, *, but: str = "") -> None:
    """End the person's sessions (`but` the one with this hash) and access tokens, and forget their browsers.

    An intruder may have created any of them.
    """
    forget_person(user_id)
    now = datetime.now(UTC)
    is_open = (SignInSession.user_id == user_id) & SignInSession.ended_at.is_(None) & (SignInSession.token_hash != but)
    tx.execute(update(SignInSession).where(is_open).values(ended_at=now))
    is_valid = (AccessToken.user_id == user_id) & AccessToken.revoked_at.is_(None)
    tx.execute(update(AccessToken).where(is_valid).values(revoked_at=now))
    tx.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user_id))
