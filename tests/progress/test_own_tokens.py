"""Access for programs, made and ended by its owner: never without the password, and never someone else's."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from data.models import AccessToken
from data.record import Record
from data.viewer import Viewer
from progress.people.access import viewer_of
from progress.people.access_tokens import NamelessToken, OnlyForAdministrators, UnknownToken, tokens_of
from progress.people.accounts import add_user
from progress.people.own_password import WrongOwnPassword
from progress.people.own_tokens import make_own_token, revoke_own_token
from tests.progress.accounts import PASSWORD


def somebody(record: Record, username: str, role: str) -> Viewer:
    with record.writing() as tx:
        user_id = add_user(tx, username.title(), username=username, password=PASSWORD, roles=[role])
    return viewer_of(user_id)


def in_a_week() -> datetime:
    return datetime.now(UTC) + timedelta(days=7)


def test_a_token_is_made_listed_and_revoked_by_its_owner(record: Record) -> None:
    ada = somebody(record, "ada", "student")
    made = make_own_token(ada, PASSWORD, "Phone", ["read"], in_a_week())
    assert [(token.id, token.name, token.state) for token in tokens_of(ada.user_id)] == [(made.id, "Phone", "active")]
    revoke_own_token(ada, made.id)
    assert [token.state for token in tokens_of(ada.user_id)] == ["revoked"]


@pytest.mark.parametrize(
    ("password", "name", "scopes", "refusal"),
    [
        ("wrong horse battery", "Phone", ["read"], WrongOwnPassword),
        (PASSWORD, " ", ["read"], NamelessToken),
        (PASSWORD, "Phone", ["manage"], OnlyForAdministrators),
    ],
)
def test_a_refused_token_is_not_made(
    sqlite_record: Record, password: str, name: str, scopes: list[str], refusal: type[Exception]
) -> None:
    for role in ("student", "teacher", "parent"):
        with pytest.raises(refusal):
            make_own_token(somebody(sqlite_record, role, role), password, name, scopes, in_a_week())
    with sqlite_record.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(AccessToken)) == 0


def test_nobody_revokes_what_is_someone_elses(sqlite_record: Record) -> None:
    ada = somebody(sqlite_record, "ada", "student")
    made = make_own_token(ada, PASSWORD, "Phone", ["read"], in_a_week())
    for role in ("teacher", "administrator"):
        other = somebody(sqlite_record, role, role)
        with pytest.raises(UnknownToken):
            revoke_own_token(other, made.id)
    assert [token.state for token in tokens_of(ada.user_id)] == ["active"]
