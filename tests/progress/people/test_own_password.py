"""One's own password: asked for again, changed by its owner, and to be changed where someone else chose it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from data.models import AuditEntry
from data.record import Record
from progress.people.access_tokens import create_token, tokens_of
from progress.people.accounts import set_password
from progress.people.guesses import TooManyGuesses
from progress.people.own_password import SamePassword, WrongOwnPassword, change_own_password, confirm_password
from progress.people.passwords import CommonPassword, WeakPassword
from progress.people.sign_in import WrongCredentials, sign_in, signed_in_user, signed_in_viewer, user_with_set_password
from tests.progress.accounts import HOME, PASSWORD, fail, person

NEW = "seven green bottles"


def test_owner_changes_the_password_with_the_old_one(record: Record) -> None:
    ada = person(record)
    here, elsewhere = sign_in("ada", PASSWORD, HOME), sign_in("ada", PASSWORD, HOME)
    with record.writing() as tx:
        create_token(tx, ada, "LMS", ["read"], datetime.now(UTC) + timedelta(days=1))
    change_own_password(ada, PASSWORD, NEW, token=here)
    assert (signed_in_user(here), signed_in_user(elsewhere)) == (ada, None)
    assert [token.state for token in tokens_of(ada)] == ["revoked"]
    assert signed_in_user(sign_in("ada", NEW, HOME)) == ada
    with pytest.raises(WrongCredentials):
        sign_in("ada", PASSWORD, HOME)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("wrong", NEW, WrongOwnPassword),
        (PASSWORD, PASSWORD, SamePassword),
        (PASSWORD, "too short", WeakPassword),
        (PASSWORD, "password1234", CommonPassword),
    ],
)
def test_change_that_is_refused_changes_nothing(
    sqlite_record: Record, old: str, new: str, refusal: type[Exception]
) -> None:
    ada = person(sqlite_record)
    here, elsewhere = sign_in("ada", PASSWORD, HOME), sign_in("ada", PASSWORD, HOME)
    with pytest.raises(refusal):
        change_own_password(ada, old, new, token=here)
    assert signed_in_user(elsewhere) == ada
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada


def test_guessing_the_own_password_of_an_open_page_slows_down(record: Record) -> None:
    ada = person(record)
    for _ in range(4):
        with pytest.raises(WrongOwnPassword):
            confirm_password(ada, "wrong")
    with pytest.raises(TooManyGuesses):
        confirm_password(ada, PASSWORD)
    assert sign_in("ada", PASSWORD, HOME), "the sign-in page is another door"


def test_guesses_at_the_sign_in_page_are_not_in_the_owners_way(record: Record) -> None:
    ada = person(record)
    fail(times=4)
    confirm_password(ada, PASSWORD)


def test_session_with_a_password_that_someone_else_chose_opens_nothing(record: Record) -> None:
    ada = person(record)
    with record.writing() as tx:
        set_password(tx, ada, NEW, must_be_changed=True)
    token = sign_in("ada", NEW, HOME)
    assert (signed_in_user(token), signed_in_viewer(token), user_with_set_password(token)) == (None, None, ada)
    change_own_password(ada, NEW, PASSWORD, token=token)
    assert (signed_in_user(token), user_with_set_password(token)) == (ada, None)
    again = sign_in("ada", PASSWORD, HOME)
    assert signed_in_user(again) == ada


def test_password_that_its_owner_chose_opens_everything(record: Record) -> None:
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    assert (signed_in_user(token), user_with_set_password(token)) == (ada, None)


def test_changes_and_slips_stand_in_the_audit_trail_without_a_password(record: Record) -> None:
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    with pytest.raises(WrongOwnPassword):
        confirm_password(ada, "a slip of mine")
    change_own_password(ada, PASSWORD, NEW, token=token)
    with record.reading() as connection:
        entries = connection.execute(select(AuditEntry.kind, AuditEntry.details).order_by(AuditEntry.id)).all()
    assert [entry.kind for entry in entries[-3:]] == ["sign_in.succeeded", "password.refused", "password.changed"]
    assert not any(word in str(entries) for word in (PASSWORD, NEW, "slip"))
