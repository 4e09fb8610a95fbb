"""Guessing passwords is slow, and the people who are guessed at, and their schools, still get in. On both databases."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import insert, update

from data.models import SignInAttempt, User
from data.record import Record
from progress.people.browsers import Browser
from progress.people.guesses import TooManyGuesses
from progress.people.sign_in import WrongCredentials, account_mark, failures_before, sign_in, signed_in_user
from tests.progress.accounts import HOME, PASSWORD, count, fail, let_pass, person

ELSEWHERE = "198.51.100.7"
LAPTOP = Browser(mark="laptop", form="laptop’s form")
QUICKLY_CHECKED = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])


def wait(username: str = "ada", address: str = HOME, browser: Browser | None = None, password: str = PASSWORD) -> int:
    """The seconds to wait until the password is looked at; it was looked at where there are none."""
    try:
        sign_in(username, password, address, browser or Browser())
    except TooManyGuesses as refused:
        return refused.retry_after_seconds
    except WrongCredentials:
        pass
    return 0


def failed_at(record: Record, account: str, address: str, times: int, *, ago: float = 600) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=ago)
    row = {"account": account_mark(account), "address": address, "attempted_at": moment}
    with record.writing() as tx:
        tx.execute(insert(SignInAttempt), [row] * times)


def pupils(record: Record, how_many: int) -> Iterator[str]:
    """Accounts whose passwords are checked quickly."""
    for number in range(how_many):
        person(record, f"pupil{number}", password=None)
    with record.writing() as tx:
        tx.execute(update(User).values(password_hash=QUICKLY_CHECKED.hash(PASSWORD)))
    return (f"pupil{number}" for number in range(how_many))


def test_four_failures_are_free_and_each_further_one_doubles_the_wait(record: Record) -> None:
    ada = person(record)
    fail(times=4)
    waits = [wait()]
    for _ in range(3):
        let_pass(record, timedelta(seconds=waits[-1]))
        fail()
        waits.append(wait())
    assert waits == [2, 4, 8, 16]
    let_pass(record, timedelta(seconds=16))
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada


def test_refusal_says_in_words_when_to_try_again(sqlite_record: Record) -> None:
    person(sqlite_record)
    fail(times=4)
    with pytest.raises(TooManyGuesses, match=r"Too many sign-ins have failed. Try again in 2 seconds."):
        sign_in("ada", PASSWORD, HOME)


def test_no_wait_is_longer_than_five_minutes(record: Record) -> None:
    person(record)
    failed_at(record, "ada", HOME, 500, ago=0)
    assert 298 <= wait() <= 300


def test_refused_guesses_do_not_lengthen_the_wait(sqlite_record: Record) -> None:
    person(sqlite_record)
    failed_at(sqlite_record, "ada", HOME, 20, ago=100)
    assert [wait(password="wrong") <= 200 for _ in range(3)] == [True, True, True]


def test_clock_that_was_set_back_lengthens_no_wait(record: Record) -> None:
    person(record)
    failed_at(record, "ada", HOME, 6, ago=-7_200)
    assert 0 < wait() <= 8
    let_pass(record, timedelta(seconds=8))
    assert wait() == 0


def test_guessing_goes_no_faster_with_a_username_that_does_not_exist(sqlite_record: Record) -> None:
    fail("nobody", times=4)
    assert wait("nobody") == 2


def test_right_password_clears_earlier_slips(sqlite_record: Record) -> None:
    person(sqlite_record)
    for _ in range(3):
        fail(times=3)
        sign_in("ada", PASSWORD, HOME)
    assert count(sqlite_record, SignInAttempt) == 0


def test_guesses_at_one_username_leave_another_alone(sqlite_record: Record) -> None:
    ada, grace = person(sqlite_record), person(sqlite_record, "grace")
    fail(times=4)
    assert ada != signed_in_user(sign_in("grace", PASSWORD, HOME)) == grace


def test_someone_who_guesses_elsewhere_does_not_lock_the_owner_out(record: Record) -> None:
    ada = person(record)
    failed_at(record, "ada", ELSEWHERE, 50, ago=0)
    assert wait(address=ELSEWHERE) > 200
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada
    assert wait(address=ELSEWHERE) > 200, "the owner’s success frees nobody else"


def test_browser_that_knows_the_account_is_let_in_whatever_is_guessed_at_its_address(record: Record) -> None:
    ada = person(record)
    sign_in("ada", PASSWORD, HOME, LAPTOP)
    failed_at(record, "ada", HOME, 100, ago=0)
    for number in range(60):
        failed_at(record, f"pupil{number}", HOME, 1, ago=0)
    assert wait() > 200
    assert signed_in_user(sign_in("ada", PASSWORD, HOME, LAPTOP)) == ada


def test_browser_that_knows_one_account_guesses_at_another_no_faster(sqlite_record: Record) -> None:
    person(sqlite_record), person(sqlite_record, "grace")
    sign_in("ada", PASSWORD, HOME, LAPTOP)
    failed_at(sqlite_record, "grace", HOME, 100, ago=0)
    assert wait("grace", browser=LAPTOP) > 200


def test_someone_who_guesses_in_a_known_browser_waits_up_to_a_minute(record: Record) -> None:
    person(record)
    sign_in("ada", PASSWORD, HOME, LAPTOP)
    waits = []
    for _ in range(12):
        wait(browser=LAPTOP, password="wrong")
        waits.append(wait(browser=LAPTOP, password="wrong"))
        let_pass(record, timedelta(seconds=waits[-1]))
    assert (max(waits), waits[-1]) == (60, 60)
    assert wait() == 0, "other browsers count by themselves"


def test_mark_that_nobody_was_given_makes_no_browser_known(sqlite_record: Record) -> None:
    person(sqlite_record)
    failed_at(sqlite_record, "ada", HOME, 20, ago=0)
    assert wait(browser=Browser(mark="made up")) > 200


def test_account_that_is_guessed_at_from_many_networks_gives_each_one_try(record: Record) -> None:
    person(record)
    for number in range(20):
        failed_at(record, "ada", f"198.51.100.{number}", 1)
    fail(address="203.0.113.1")
    assert wait(address="203.0.113.1") == 2


def test_networks_that_lay_siege_to_an_account_take_turns(record: Record) -> None:
    person(record)
    for number in range(100):
        failed_at(record, "ada", f"198.51.100.{number}", 1, ago=0)
    assert 30 <= wait(address="203.0.113.1") <= 60


def test_owner_gets_in_from_a_network_of_earlier_sign_ins_during_a_siege(record: Record) -> None:
    ada = person(record)
    sign_in("ada", PASSWORD, HOME, LAPTOP)
    for number in range(100):
        failed_at(record, "ada", f"198.51.100.{number}", 1, ago=0)
    assert signed_in_user(sign_in("ada", PASSWORD, HOME)) == ada


def test_guessing_at_many_accounts_from_one_network_slows_down(record: Record) -> None:
    person(record)
    for number in range(50):
        failed_at(record, f"pupil{number}", HOME, 1, ago=0)
    assert wait() == 1
    assert wait(address=ELSEWHERE) == 0


def test_ipv6_addresses_of_one_network_count_as_one(sqlite_record: Record) -> None:
    person(sqlite_record)
    failed_at(sqlite_record, "ada", "2001:db8:0:1::", 20, ago=0)
    assert wait(address="2001:db8:0:1:ffff::1") > 200
    assert wait(address="2001:db8:0:2::1") == 0


def test_guesses_made_side_by_side_count_each_other(record: Record) -> None:
    person(record)

    def guess(_: int) -> str:
        try:
            return sign_in("ada", "wrong", HOME)
        except (WrongCredentials, TooManyGuesses) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(12) as pool:
        answers = Counter(pool.map(guess, range(24)))
    assert answers["WrongCredentials"] in (4, 5)  # the fifth, where the first two seconds were over
    assert answers.total() == 24


def test_class_that_signs_in_at_the_same_moment_from_one_address_gets_in(record: Record) -> None:
    names = list(pupils(record, 36))
    with ThreadPoolExecutor(36) as pool:
        tokens = list(pool.map(lambda name: sign_in(name, PASSWORD, HOME), names))
    assert None not in [signed_in_user(token) for token in tokens]


def test_school_of_600_that_signs_in_at_nine_gets_in_though_many_mistype(sqlite_record: Record) -> None:
    """Every fifth mistypes once and then gets it right, and forty have forgotten theirs and give up."""
    for number, name in enumerate(pupils(sqlite_record, 600)):
        if number % 15 == 0:
            assert wait(name, password="forgotten") == 0
            continue
        if number % 5 == 1:
            assert wait(name, password="mistyped") == 0
        assert sign_in(name, PASSWORD, HOME)


def test_owner_learns_how_many_wrong_passwords_others_tried(record: Record) -> None:
    person(record)
    fail(times=3)
    fail(address=ELSEWHERE, times=4)
    assert failures_before(sign_in("ada", PASSWORD, "203.0.113.1", LAPTOP)) == 7
    assert failures_before(sign_in("ada", PASSWORD, "203.0.113.1", LAPTOP)) == 0


def test_slips_in_the_same_browser_are_not_told_to_the_owner(sqlite_record: Record) -> None:
    person(sqlite_record)
    fail(address=ELSEWHERE)
    for _ in range(2):
        with pytest.raises(WrongCredentials):
            sign_in("ada", "wrong", HOME, LAPTOP)
    assert failures_before(sign_in("ada", PASSWORD, HOME, LAPTOP)) == 1
