"""Sessions: who gets one, whose it is, and when it ends. On both databases."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import select

from data.models import SignInAttempt, SignInSession
from data.record import Record
from progress.people.accounts import deactivate, set_password
from progress.people.sign_in import WrongCredentials, sign_in, sign_out, signed_in_user
from tests.progress.accounts import HOME, PASSWORD, count, fail, let_pass, person


def test_right_password_opens_a_session_of_that_person(record: Record) -> None:
    ada = person(record)
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada


def test_username_is_found_whatever_its_case_and_surrounding_spaces(record: Record) -> None:
    ada = person(record)
    assert signed_in_user(sign_in("  ADA ", PASSWORD, HOME)) == ada


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD + " ", PASSWORD.upper()])
def test_another_password_opens_nothing(sqlite_record: Record, password: str) -> None:
    person(sqlite_record)
    with pytest.raises(WrongCredentials):
        sign_in("ada", password, HOME)
    assert count(sqlite_record, SignInSession) == 0


def test_unknown_username_and_wrong_password_are_answered_in_the_same_words(sqlite_record: Record) -> None:
    person(sqlite_record)
    with pytest.raises(WrongCredentials) as known:
        sign_in("ada", "wrong", HOME)
    with pytest.raises(WrongCredentials) as unknown:
        sign_in("nobody", "wrong", HOME)
    assert str(known.value) == str(unknown.value)


def test_unknown_username_takes_as_long_to_refuse_as_a_wrong_password(sqlite_record: Record) -> None:
    person(sqlite_record)

    def shortest(username: str) -> float:
        times = []
        for _ in range(4):
            begun = perf_counter()
            fail(username)
            times.append(perf_counter() - begun)
        return min(times)

    assert shortest("nobody") > 0.5 * shortest("ada")


def test_learner_without_a_password_cannot_sign_in(record: Record) -> None:
    person(record, password=None)
    with pytest.raises(WrongCredentials):
        sign_in("ada", "", HOME)


def test_username_with_a_null_character_is_refused_like_any_unknown_one(record: Record) -> None:
    with pytest.raises(WrongCredentials):
        sign_in("\0nobody" * 1000, "wrong", HOME)


def test_only_a_hash_of_the_token_is_stored(record: Record) -> None:
    person(record)
    token = sign_in("ada", PASSWORD, HOME)
    with record.reading() as connection:
        stored = connection.scalars(select(SignInSession.token_hash)).all()
    assert stored == [sha256(token.encode()).hexdigest()]


def test_token_carries_256_random_bits(sqlite_record: Record) -> None:
    person(sqlite_record)
    tokens = {sign_in("ada", PASSWORD, HOME) for _ in range(3)}
    assert [len(token) for token in tokens] == [43, 43, 43]


@pytest.mark.parametrize("token", [None, "", "forged", "ü", "a" * 100_000])
def test_token_that_was_never_given_out_is_nobodys(sqlite_record: Record, token: str | None) -> None:
    person(sqlite_record)
    sign_in("ada", PASSWORD, HOME)
    assert signed_in_user(token) is None


def test_hash_of_a_token_is_no_token(sqlite_record: Record) -> None:
    person(sqlite_record)
    token = sign_in("ada", PASSWORD, HOME)
    assert signed_in_user(sha256(token.encode()).hexdigest()) is None


def test_signing_out_ends_this_session_and_no_other(record: Record) -> None:
    ada = person(record)
    here, elsewhere = sign_in("ada", PASSWORD, HOME), sign_in("ada", PASSWORD, HOME)
    sign_out(here)
    assert (signed_in_user(here), signed_in_user(elsewhere)) == (None, ada)


def test_session_ends_when_its_hours_are_over(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_SESSION_HOURS", "2")
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    let_pass(record, timedelta(hours=1, minutes=59))
    assert signed_in_user(token) == ada
    let_pass(record, timedelta(minutes=1))
    assert signed_in_user(token) is None


def test_closed_account_is_out_at_once_and_cannot_come_back(record: Record) -> None:
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    with record.writing() as tx:
        deactivate(tx, ada)
    assert signed_in_user(token) is None
    with pytest.raises(WrongCredentials):
        sign_in("ada", PASSWORD, HOME)


def test_new_password_ends_the_sessions_of_the_old_one(record: Record) -> None:
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    with record.writing() as tx:
        set_password(tx, ada, "another good password")
    assert signed_in_user(token) is None


def test_old_attempts_and_expired_sessions_are_cleared_away(record: Record) -> None:
    person(record)
    sign_in("ada", PASSWORD, HOME)
    fail("nobody")
    let_pass(record, timedelta(days=1))
    sign_in("ada", PASSWORD, HOME)
    assert (count(record, SignInAttempt), count(record, SignInSession)) == (0, 1)


def test_asking_who_is_signed_in_writes_nothing_and_takes_well_below_a_millisecond(sqlite_record: Record) -> None:
    person(sqlite_record)
    token = sign_in("ada", PASSWORD, HOME)
    with sqlite_record.writing() as tx:
        before = tx.number
    times = []
    for _ in range(500):
        begun = perf_counter()
        signed_in_user(token)
        times.append(perf_counter() - begun)
    with sqlite_record.writing() as tx:
        assert tx.number == before + 1
    assert median(times) < 0.001  # what else the machine does lengthens some of them by far


def test_time_of_the_first_sign_out_is_kept(sqlite_record: Record) -> None:
    person(sqlite_record)
    token = sign_in("ada", PASSWORD, HOME)
    sign_out(token)
    sign_out(token)
    with sqlite_record.reading() as connection:
        ended_at = connection.scalars(select(SignInSession.ended_at)).one()
    assert ended_at is not None
    assert ended_at <= datetime.now(UTC)
