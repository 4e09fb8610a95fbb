"""People see the browsers in which they are signed in, and end them; nobody else's. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from data.models import AuditEntry, SignInSession
from data.record import Record
from progress.people import last_use
from progress.people.access import viewer_of
from progress.people.accounts import add_user, give_role
from progress.people.browsers import Browser
from progress.people.own_sessions import UnknownSession, end_other_sessions, end_session, own_sessions
from progress.people.sign_in import sign_in, signed_in_user, signed_in_viewer
from tests.progress.accounts import HOME, PASSWORD, person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def last_seen(record: Record, ago: timedelta) -> datetime:
    moment = datetime.now(UTC) - ago
    with record.writing() as tx:
        tx.execute(update(SignInSession).values(last_seen_at=moment))
    return moment


def seen_at(record: Record) -> datetime:
    last_use._writer.submit(lambda: None).result()
    with record.reading() as connection:
        moment = connection.scalars(select(SignInSession.last_seen_at)).one()
    assert moment is not None
    return moment


def test_sessions_are_told_by_browser_place_and_time_this_one_first(record: Record) -> None:
    ada = viewer_of(person(record))
    here = sign_in("ada", PASSWORD, HOME, Browser(user_agent=FIREFOX))
    sign_in("ada", PASSWORD, "2001:db8::17", Browser(user_agent=SAFARI))
    told = [(each.browser, each.address, each.is_this) for each in own_sessions(ada, here)]
    assert told == [("Firefox on Linux", HOME, True), ("Mobile Safari on iOS", "2001:db8::", False)]


def test_owner_ends_one_session_and_then_all_others(record: Record) -> None:
    ada = viewer_of(person(record))
    here, there, elsewhere = (sign_in("ada", PASSWORD, HOME) for _ in range(3))
    found = {each.id: each for each in own_sessions(ada, there)}
    end_session(ada, next(key for key, each in found.items() if each.is_this))
    assert (signed_in_user(there), signed_in_user(elsewhere)) == (None, ada.user_id)
    assert end_other_sessions(ada, here) == 1
    assert (signed_in_user(here), signed_in_user(elsewhere)) == (ada.user_id, None)
    with record.reading() as connection:
        assert list(connection.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))[-2:] == [
            "session.ended",
            "session.ended",
        ]


def test_nobody_sees_or_ends_anyone_elses_sessions(record: Record) -> None:
    ada = viewer_of(person(record))
    with record.writing() as tx:
        root = add_user(tx, "Root", username="root", roles=["administrator"])
    token = sign_in("ada", PASSWORD, HOME)
    session_id = own_sessions(ada, token)[0].id
    assert own_sessions(viewer_of(root), token) == []
    with pytest.raises(UnknownSession):
        end_session(viewer_of(root), session_id)
    assert end_other_sessions(viewer_of(root), None) == 0
    assert signed_in_user(token) == ada.user_id


def test_session_that_is_over_cannot_be_ended_again(sqlite_record: Record) -> None:
    ada = viewer_of(person(sqlite_record))
    session_id = own_sessions(ada, sign_in("ada", PASSWORD, HOME))[0].id
    end_session(ada, session_id)
    with pytest.raises(UnknownSession):
        end_session(ada, session_id)


def test_administrators_session_ends_after_an_hour_without_use(record: Record) -> None:
    ada = person(record)
    with record.writing() as tx:
        give_role(tx, ada, "administrator")
    token = sign_in("ada", PASSWORD, HOME)
    last_seen(record, timedelta(minutes=59))
    assert signed_in_user(token, is_use=False) == ada
    last_seen(record, timedelta(minutes=61))
    assert (signed_in_user(token), signed_in_viewer(token)) == (None, None)


def test_time_without_use_is_a_setting(sqlite_record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_IDLE_MINUTES", "5")
    ada = person(sqlite_record)
    with sqlite_record.writing() as tx:
        give_role(tx, ada, "administrator")
    token = sign_in("ada", PASSWORD, HOME)
    last_seen(sqlite_record, timedelta(minutes=6))
    assert signed_in_user(token) is None


def test_other_peoples_sessions_outlast_an_hour_without_use(record: Record) -> None:
    ada = person(record)
    token = sign_in("ada", PASSWORD, HOME)
    last_seen(record, timedelta(hours=9))
    assert signed_in_user(token) == ada


def test_use_of_a_session_is_noted_at_most_once_a_minute(record: Record) -> None:
    person(record)
    token = sign_in("ada", PASSWORD, HOME)
    before = last_seen(record, timedelta(seconds=50))
    signed_in_user(token)
    assert seen_at(record) == before
    last_seen(record, timedelta(seconds=70))
    signed_in_user(token)
    assert datetime.now(UTC) - seen_at(record) < timedelta(seconds=10)


def test_looking_whether_a_session_stands_is_no_use_of_it(sqlite_record: Record) -> None:
    person(sqlite_record)
    token = sign_in("ada", PASSWORD, HOME)
    before = last_seen(sqlite_record, timedelta(minutes=5))
    signed_in_user(token, is_use=False)
    assert seen_at(sqlite_record) == before
