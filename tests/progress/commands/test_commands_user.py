"""`python -m progress user`: accounts made and changed, and passwords that never stand on the command line."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from data.models import User, UserRole
from data.record import Record
from data.viewer import ROLES
from progress.commands.command_line import app
from progress.commands.user import Role
from progress.people.accounts import add_user
from progress.people.passwords import PASSWORD_HASH
from progress.people.sign_in import WrongCredentials, sign_in, signed_in_user, user_with_set_password


def user(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["user", *arguments], input=typed, env={"COLUMNS": "200"})


def add_ann(record: Record, *roles: str) -> int:
    with record.writing() as tx:
        return add_user(tx, "Ann Bell", username="ann", password="correct horse", roles=roles)


def open_roles(record: Record) -> list[str]:
    with record.reading() as connection:
        return list(
            connection.scalars(select(UserRole.role).where(UserRole.ended_at.is_(None)).order_by(UserRole.role))
        )


def password_hash(record: Record) -> str:
    with record.reading() as connection:
        return str(connection.scalar(select(User.password_hash)))


def words(output: str) -> list[list[str]]:
    return [line.split() for line in output.splitlines()]


def test_command_line_knows_every_role() -> None:
    assert tuple(Role) == ROLES


def test_person_added_with_a_password_from_standard_input_can_sign_in(record: Record) -> None:
    added = user("add", "Ann Bell", "--username", "Ann", "--role", "teacher", "--role", "parent", "--password-stdin",
                 "--own", typed="correct horse\n")  # fmt: skip
    assert (added.exit_code, added.stdout) == (0, "Ann Bell can now sign in as Ann.\n")
    assert signed_in_user(sign_in("ann", "correct horse", "127.0.0.1")) is not None
    assert open_roles(record) == ["parent", "teacher"]


@pytest.mark.parametrize("again", [False, True])
def test_password_from_the_command_line_is_changed_at_the_first_sign_in(record: Record, again: bool) -> None:
    user(
        "add", "Ann Bell", "--username", "ann", "--role", "teacher", "--password-stdin", "--own", typed="correct horse"
    )
    if again:
        user("password", "ann", "--password-stdin", typed="battery staple")
    else:
        user("add", "Bob", "--username", "bob", "--role", "student", "--password-stdin", typed="battery staple")
    token = sign_in("ann" if again else "bob", "battery staple", "127.0.0.1")
    assert signed_in_user(token) is None
    assert user_with_set_password(token) is not None


def test_password_is_asked_for_twice_and_not_shown(sqlite_record: Record) -> None:
    added = user("add", "Ann Bell", "--username", "ann", "--role", "student", typed="correct horse\ncorrect horse\n")
    assert added.exit_code == 0
    assert "correct horse" not in added.output
    assert PASSWORD_HASH.verify("correct horse", password_hash(sqlite_record))


def test_password_as_an_argument_is_wrong_use(sqlite_record: Record) -> None:
    refused = user("add", "Ann Bell", "--username", "ann", "--role", "student", "--password", "correct horse")
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("ANN", "correct horse", "The username “ann” is taken."),
        ("ben cole", "correct horse", "“ben cole” cannot be a username"),
        ("ben", "short", "The password has 5 characters; it needs at least 12."),
    ],
)
def test_person_who_cannot_be_added_is_refused_with_the_reason(
    username: str, password: str, reason: str, sqlite_record: Record
) -> None:
    add_ann(sqlite_record)
    refused = user("add", "Ben Cole", "--username", username, "--role", "student", "--password-stdin", typed=password)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(reason)
    with sqlite_record.reading() as connection:
        assert connection.scalars(select(User.full_name)).all() == ["Ann Bell"]


@pytest.mark.parametrize("role", ["wizard", ""])
def test_role_that_does_not_exist_is_wrong_use(role: str, sqlite_record: Record) -> None:
    add_ann(sqlite_record, "teacher")
    assert user("role", "ann", role).exit_code == 2
    assert open_roles(sqlite_record) == ["teacher"]


def test_new_password_replaces_the_old_one_and_ends_sessions(sqlite_record: Record) -> None:
    add_ann(sqlite_record)
    session = sign_in("ann", "correct horse", "127.0.0.1")
    changed = user("password", "Ann", "--password-stdin", typed="battery staple\n")
    assert (changed.exit_code, changed.stdout) == (0, "Ann has a new password.\n")
    assert PASSWORD_HASH.verify("battery staple", password_hash(sqlite_record))
    assert signed_in_user(session) is None


def test_new_password_for_nobody_is_refused_before_it_is_asked_for(sqlite_record: Record) -> None:
    refused = user("password", "nobody")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Nobody has the username “nobody”.\n"


def test_role_is_given_and_taken_away(sqlite_record: Record) -> None:
    add_ann(sqlite_record, "teacher")
    assert user("role", "ann", "parent").stdout == "ann is now parent.\n"
    assert open_roles(sqlite_record) == ["parent", "teacher"]
    assert user("role", "ann", "teacher", "--end").stdout == "ann is no longer teacher.\n"
    assert open_roles(sqlite_record) == ["parent"]


def test_closed_account_cannot_sign_in_until_it_is_opened_again(sqlite_record: Record) -> None:
    add_ann(sqlite_record, "teacher")
    assert user("deactivate", "ann").stdout == "ann can no longer sign in.\n"
    with pytest.raises(WrongCredentials):
        sign_in("ann", "correct horse", "127.0.0.1")
    assert user("reactivate", "ann").stdout == "ann can sign in again.\n"
    assert signed_in_user(sign_in("ann", "correct horse", "127.0.0.1")) is not None


def test_last_administrator_stays(sqlite_record: Record) -> None:
    add_ann(sqlite_record, "administrator")
    for command in (("deactivate", "ann"), ("role", "ann", "administrator", "--end")):
        refused = user(*command)
        assert refused.exit_code == 1
        assert refused.stderr.startswith("This is the last administrator who can sign in.")
    assert open_roles(sqlite_record) == ["administrator"]


def test_list_shows_accounts_and_with_all_everyone(record: Record) -> None:
    add_ann(record, "teacher", "parent")
    with record.writing() as tx:
        add_user(tx, "Cem Demir", roles=["student"])
    user("deactivate", "ann")
    header, ann = ["Username", "Name", "Roles", "Account"], ["ann", "Ann", "Bell", "parent,", "teacher", "closed"]
    assert words(user("list").stdout) == [header, ann]
    assert words(user("list", "--all").stdout) == [header, ann, ["–", "Cem", "Demir", "student", "–"]]
