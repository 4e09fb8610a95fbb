"""Confirming one's own password before lasting changes, and changing it. Wrong ones lead to waits here too."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from data.models import PasswordState, SignInSession, User
from data.record import current_record
from progress.audit.noting import note
from progress.people.guesses import Attempt, forgive, note_attempt
from progress.people.passwords import PASSWORD_HASH, password_hash
from progress.people.sign_in import ROOM_TO_CHECK, account_mark, session_hash
from progress.people.signing_out import sign_out_everywhere

# Counted separately, like a browser that knows the account, so that guesses at the sign-in page do not matter here.
_SIGNED_IN = "signed in"


class WrongOwnPassword(ValueError):
    def __init__(self) -> None:
        super().__init__("That is not your password. Type the one that you sign in with.")


class SamePassword(ValueError):
    def __init__(self) -> None:
        super().__init__("The new password is the old one. Choose another one.")


def confirm_password(user_id: int, password: str) -> None:
    """Raises WrongOwnPassword if it is not this person's password, and TooManyGuesses while earlier failures count."""
    record = current_record()
    with record.reading() as connection:
        person = connection.execute(select(User.username, User.password_hash).where(User.id == user_id)).one()
    attempt = Attempt(account_mark(person.username or ""), _SIGNED_IN, browser=_SIGNED_IN)
    with ROOM_TO_CHECK:
        note_attempt(record, attempt, datetime.now(UTC))
        is_right = person.password_hash is not None and PASSWORD_HASH.verify(password, person.password_hash)
    with record.writing(by=user_id) as tx:
        if is_right:
            forgive(tx, attempt)
        else:
            note(tx, "password.refused", subject_id=user_id)
    if not is_right:
        raise WrongOwnPassword


def change_own_password(user_id: int, old: str, new: str, *, token: str) -> None:
    """Change the password, and end the person's access tokens and sessions except the one with this token.

    Raises WrongOwnPassword, TooManyGuesses, SamePassword, and what `passwords.password_hash` raises.
    """
    confirm_password(user_id, old)
    if new == old:
        raise SamePassword
    hashed, this = password_hash(new), session_hash(token)
    with current_record().writing(by=user_id) as tx:
        tx.execute(update(User).where(User.id == user_id).values(password_hash=hashed, changed_in=tx.number))
        tx.execute(update(PasswordState).where(PasswordState.user_id == user_id).values(must_be_changed=False))
        sign_out_everywhere(tx, user_id, but=this)
        is_this = SignInSession.token_hash == this
        tx.execute(update(SignInSession).where(is_this).values(must_change_password=False))
        note(tx, "password.changed", subject_id=user_id)
