"""Access tokens: who gets one, whose it is, and when it ends. On both databases."""

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from data.models import AccessToken
from data.record import Record
from progress.people.access_tokens import (
    MOST_TOKENS,
    ImpossibleExpiry,
    NamelessToken,
    NewToken,
    NoSuchOwner,
    OnlyForAdministrators,
    TooManyTokens,
    UnknownScopes,
    UnknownToken,
    create_token,
    revoke_token,
    token_bearer,
    tokens_of,
)
from progress.people.accounts import add_user, deactivate, end_role, reactivate, set_password

SOON = timedelta(days=1)


def person(record: Record, name: str = "ada", *roles: str) -> int:
    with record.writing() as tx:
        return add_user(tx, name, username=name, roles=roles or ("student",))


def token(record: Record, user_id: int, *scopes: str, name: str = "LMS", lasts: timedelta = SOON) -> NewToken:
    with record.writing() as tx:
        return create_token(tx, user_id, name, scopes or ("read",), datetime.now(UTC) + lasts)


def is_valid(made: NewToken) -> bool:
    return token_bearer(made.token) is not None


def last_use(record: Record, token_id: int, *, not_before: datetime) -> datetime | None:
    """When the token was last used, as soon as that is noted; None where nothing is within seconds."""
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        with record.reading() as connection:
            noted = connection.scalar(select(AccessToken.last_used_at).where(AccessToken.id == token_id))
        if noted and noted >= not_before:
            return noted
        time.sleep(0.01)
    return None


def test_token_is_its_owners_with_the_scopes_that_it_was_made_for(record: Record) -> None:
    ada = person(record)
    made = token(record, ada, "record", "read")
    bearer = token_bearer(made.token)
    assert bearer is not None
    assert (bearer.viewer.user_id, bearer.viewer.learner_ids, bearer.token_id) == (ada, {ada}, made.id)
    assert bearer.scopes == {"read", "record"}


def test_only_a_hash_and_the_beginning_are_stored(record: Record) -> None:
    made = token(record, person(record))
    assert len(made.token) == 46
    with record.reading() as connection:
        row = connection.execute(select(AccessToken)).mappings().one()
    assert (row["hint"], row["token_hash"]) == (made.token[:8], sha256(made.token.encode()).hexdigest())
    assert made.token not in str(row)


@pytest.mark.parametrize(
    "wrong", ["", "wm_", "forged", "ü", "wm_" + "a" * 43, "wm_" + "a" * 100_000, "wm_\0" + "a" * 42]
)
def test_token_that_was_never_given_out_is_nobodys(sqlite_record: Record, wrong: str) -> None:
    token(sqlite_record, person(sqlite_record))
    assert token_bearer(wrong) is None


def test_neither_the_hash_nor_another_case_is_the_token(sqlite_record: Record) -> None:
    made = token(sqlite_record, person(sqlite_record))
    for wrong in (sha256(made.token.encode()).hexdigest(), made.token.swapcase(), made.token + " ", made.token[:-1]):
        assert token_bearer(wrong) is None


def test_revoked_token_ends_at_once_and_another_one_stays(record: Record) -> None:
    ada = person(record)
    lost, kept = token(record, ada), token(record, ada)
    assert is_valid(lost)
    with record.writing() as tx:
        revoke_token(tx, lost.id, owner_id=ada)
    assert (is_valid(lost), is_valid(kept)) == (False, True)


def test_time_of_the_first_revocation_is_kept(sqlite_record: Record) -> None:
    ada = person(sqlite_record)
    made = token(sqlite_record, ada)
    times = []
    for _ in range(2):
        with sqlite_record.writing() as tx:
            revoke_token(tx, made.id)
        times.append(tokens_of(ada)[0].revoked_at)
    assert times[0] is not None
    assert times[0] == times[1]


def test_nobody_revokes_someone_elses_token_or_learns_that_it_exists(record: Record) -> None:
    ada, ben = person(record), person(record, "ben")
    made = token(record, ada)
    reasons = []
    for token_id in (made.id, made.id + 1):
        with pytest.raises(UnknownToken) as refused, record.writing() as tx:
            revoke_token(tx, token_id, owner_id=ben)
        reasons.append(str(refused.value).replace(str(token_id), "N"))
    assert reasons == ["There is no access token with the number N."] * 2
    assert is_valid(made)


def test_token_ends_on_its_day(record: Record) -> None:
    ada = person(record)
    made = token(record, ada)
    assert tokens_of(ada)[0].state == "active"
    now = datetime.now(UTC)
    with record.writing() as tx:
        tx.execute(update(AccessToken).values(created_at=now - SOON, expires_at=now))
    assert not is_valid(made)
    assert tokens_of(ada)[0].state == "expired"


def test_closed_account_and_new_password_end_tokens_for_good(record: Record) -> None:
    ada, ben = person(record), person(record, "ben")
    of_ada, of_ben = token(record, ada), token(record, ben)
    with record.writing() as tx:
        deactivate(tx, ada)
        set_password(tx, ben, "another good password")
    assert (is_valid(of_ada), is_valid(of_ben)) == (False, False)
    with record.writing() as tx:
        reactivate(tx, ada)
    assert not is_valid(of_ada)


def test_ended_role_is_gone_from_what_the_token_opens(record: Record) -> None:
    ada, ben = person(record, "ada", "administrator"), person(record, "ben", "administrator")
    with record.writing() as tx:
        set_password(tx, ben, "an administrator has to stay")
    made = token(record, ada, "manage")
    assert (bearer := token_bearer(made.token)) is not None
    assert bearer.viewer.sees_everyone
    with record.writing() as tx:
        end_role(tx, ada, "administrator")
    assert (bearer := token_bearer(made.token)) is not None
    assert not bearer.viewer.sees_everyone


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "two\nlines", "\0", "\u202e"])
def test_name_that_cannot_be_shown_is_refused(sqlite_record: Record, name: str) -> None:
    with pytest.raises(NamelessToken):
        token(sqlite_record, person(sqlite_record), name=name)


@pytest.mark.parametrize("scopes", [["write"], ["read", ""], ["read record"]])
def test_scope_that_does_not_exist_is_refused(sqlite_record: Record, scopes: list[str]) -> None:
    with pytest.raises(UnknownScopes):
        token(sqlite_record, person(sqlite_record), *scopes)


def test_token_without_a_scope_is_refused(sqlite_record: Record) -> None:
    ada = person(sqlite_record)
    with pytest.raises(UnknownScopes), sqlite_record.writing() as tx:
        create_token(tx, ada, "LMS", [], datetime.now(UTC) + SOON)


@pytest.mark.parametrize("role", ["student", "teacher", "parent"])
def test_only_administrators_let_programs_manage(sqlite_record: Record, role: str) -> None:
    with pytest.raises(OnlyForAdministrators):
        token(sqlite_record, person(sqlite_record, "ada", role), "manage")


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=-1), timedelta(days=366, seconds=1)])
def test_token_must_end_in_the_future_and_within_a_year(sqlite_record: Record, lasts: timedelta) -> None:
    with pytest.raises(ImpossibleExpiry):
        token(sqlite_record, person(sqlite_record), lasts=lasts)


def test_token_can_last_a_leap_year(sqlite_record: Record) -> None:
    assert is_valid(token(sqlite_record, person(sqlite_record), lasts=timedelta(days=366)))


def test_nobody_and_closed_accounts_get_no_token(record: Record) -> None:
    ada = person(record)
    with record.writing() as tx:
        deactivate(tx, ada)
    for user_id in (ada, ada + 1):
        with pytest.raises(NoSuchOwner):
            token(record, user_id)


def test_nobody_collects_tokens_without_end_but_revoked_ones_make_room(sqlite_record: Record) -> None:
    ada = person(sqlite_record)
    tokens = [token(sqlite_record, ada) for _ in range(MOST_TOKENS)]
    with pytest.raises(TooManyTokens):
        token(sqlite_record, ada)
    with sqlite_record.writing() as tx:
        revoke_token(tx, tokens[0].id)
    assert is_valid(token(sqlite_record, ada))


def test_use_is_noted_and_not_again_within_a_minute(sqlite_record: Record) -> None:
    made, begun = token(sqlite_record, person(sqlite_record)), datetime.now(UTC)
    token_bearer(made.token)
    first = last_use(sqlite_record, made.id, not_before=begun)
    assert first is not None
    with sqlite_record.writing() as tx:
        before = tx.number
    for _ in range(20):
        token_bearer(made.token)
    with sqlite_record.writing() as tx:
        assert tx.number == before + 1
        tx.execute(update(AccessToken).values(last_used_at=first - timedelta(minutes=2)))
    begun = datetime.now(UTC)
    token_bearer(made.token)
    assert last_use(sqlite_record, made.id, not_before=begun) is not None


def test_nobody_waits_for_a_writer_to_use_a_token(record: Record) -> None:
    made, begun = token(record, person(record)), datetime.now(UTC)
    with record.writing():
        started = time.monotonic()
        assert is_valid(made)
        assert time.monotonic() - started < 2
    assert last_use(record, made.id, not_before=begun) is not None
