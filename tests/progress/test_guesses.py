"""Guessing passwords is slow, and the people who are guessed at, and their schools, still get in."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from data.models import SignInAttempt, User
from data.record import Record
from progress.passwords import PASSWORD_HASH
from progress.sign_in import TooManyGuesses, WrongCredentials, sign_in, signed_in_user
from tests.progress.accounts import HOME, PASSWORD, count, fail, failed_before, let_pass, person


def test_after_five_failures_even_the_right_password_waits_fifteen_minutes(record: Record) -> None:
    ada = person(record)
    fail(times=5)
    with pytest.raises(TooManyGuesses) as refused:
        sign_in("ada", PASSWORD, HOME)
    assert 880 < refused.value.retry_after_seconds <= 900
    assert str(refused.value) == "Too many sign-ins have failed. Try again in 15 minutes."
    let_pass(record, timedelta(minutes=15))
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada


def test_refused_guesses_do_not_lengthen_the_wait(sqlite_record: Record) -> None:
    person(sqlite_record)
    fail(times=5)
    let_pass(sqlite_record, timedelta(minutes=10))
    for _ in range(3):
        with pytest.raises(TooManyGuesses) as refused:
            sign_in("ada", "wrong", HOME)
    assert refused.value.retry_after_seconds <= 300


def test_guessing_goes_no_faster_with_a_username_that_does_not_exist(sqlite_record: Record) -> None:
    fail("nobody", times=5)
    with pytest.raises(TooManyGuesses):
        sign_in("nobody", "wrong", HOME)


def test_right_password_clears_earlier_slips(sqlite_record: Record) -> None:
    person(sqlite_record)
    for _ in range(3):
        fail(times=4)
        sign_in("ada", PASSWORD, HOME)
    assert count(sqlite_record, SignInAttempt) == 0


def test_block_of_one_username_leaves_another_alone(sqlite_record: Record) -> None:
    ada, grace = person(sqlite_record), person(sqlite_record, "grace")
    fail(times=5)
    assert ada != signed_in_user(sign_in("grace", PASSWORD, HOME)) == grace


def test_after_thirty_failures_an_address_is_refused_whatever_the_username(record: Record) -> None:
    ada = person(record)
    failed_before(record, 29, HOME)
    fail("pupil30")
    with pytest.raises(TooManyGuesses):
        sign_in("ada", PASSWORD, HOME)
    assert signed_in_user(sign_in("ada", PASSWORD, "192.0.2.2")) == ada


def test_ipv6_addresses_of_one_network_count_as_one(sqlite_record: Record) -> None:
    person(sqlite_record)
    failed_before(sqlite_record, 29, "2001:db8:0:1::")
    fail("pupil30", "2001:db8:0:1::5")
    with pytest.raises(TooManyGuesses):
        sign_in("ada", PASSWORD, "2001:db8:0:1:ffff::1")
    assert sign_in("ada", PASSWORD, "2001:db8:0:2::1")


def test_guesses_made_side_by_side_count_each_other(record: Record) -> None:
    person(record)

    def guess(_: int) -> str:
        try:
            return sign_in("ada", "wrong", HOME)
        except (WrongCredentials, TooManyGuesses) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(12) as pool:
        answers = Counter(pool.map(guess, range(24)))
    assert answers == {"WrongCredentials": 5, "TooManyGuesses": 19}


def test_class_that_signs_in_at_the_same_moment_from_one_address_gets_in(record: Record) -> None:
    names = [f"pupil{number}" for number in range(36)]
    ids = [person(record, name, password=None) for name in names]
    with record.writing() as tx:  # one hash for all, because making 36 takes seconds
        tx.execute(update(User).values(password_hash=PASSWORD_HASH.hash(PASSWORD)))
    with ThreadPoolExecutor(36) as pool:
        tokens = list(pool.map(lambda name: sign_in(name, PASSWORD, HOME), names))
    assert [signed_in_user(token) for token in tokens] == ids
