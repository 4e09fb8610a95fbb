"""Who was signed in a moment ago is known while the record is away, and nobody whose session has ended."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from data.record import Record
from progress.people import known_sessions
from progress.people.accounts import set_password
from progress.people.sign_in import confirm_known_sessions, sign_in, sign_out, signed_in_viewer
from tests.api.school import PASSWORD, build_school


@pytest.fixture
def unreachable(sqlite_record: Record, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the record away from this process."""

    def take_away() -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")

    return take_away


def test_who_was_signed_in_a_moment_ago_is_known_while_the_record_is_away(
    sqlite_record: Record, unreachable: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_school(sqlite_record)
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    known = signed_in_viewer(token)
    unreachable()
    assert signed_in_viewer(token) == known
    monkeypatch.setattr(known_sessions, "SECONDS_KNOWN", -1.0)
    with pytest.raises(Exception, match="cannot be opened"):
        signed_in_viewer(token)


def test_a_session_that_has_ended_does_not_come_back_while_the_record_is_away(
    sqlite_record: Record, unreachable: Callable[[], None]
) -> None:
    school = build_school(sqlite_record)
    signed_out, closed, elsewhere = (sign_in(name, PASSWORD, "192.0.2.1") for name in ("ada", "turing", "mother"))
    assert all(signed_in_viewer(token) for token in (signed_out, closed, elsewhere))
    sign_out(signed_out)
    with sqlite_record.writing() as tx:
        set_password(tx, school.people["turing"], "another correct horse battery")
        tx.connection.exec_driver_sql(
            "update sign_in_sessions set ended_at = created_at where user_id = ?", (school.people["mother"],)
        )
    confirm_known_sessions(datetime.now(UTC))
    unreachable()
    for token in (signed_out, closed, elsewhere):
        with pytest.raises(Exception, match="cannot be opened"):
            signed_in_viewer(token)


def test_nobody_is_known_who_never_signed_in(sqlite_record: Record, unreachable: Callable[[], None]) -> None:
    build_school(sqlite_record)
    unreachable()
    with pytest.raises(Exception, match="cannot be opened"):
        signed_in_viewer("forged")
