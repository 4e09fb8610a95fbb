"""`python -m progress token`: access made for programs, listed and revoked."""

import re

import pytest
from typer.testing import CliRunner, Result

from data.record import Record
from progress.commands.command_line import app
from progress.commands.token import Scope
from progress.people.access_tokens import SCOPES, token_bearer, tokens_of
from progress.people.accounts import add_user, deactivate


def token(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["token", *arguments], env={"COLUMNS": "200"})


def add(record: Record, username: str, *roles: str) -> int:
    with record.writing() as tx:
        return add_user(tx, username.title(), username=username, roles=roles)


def test_command_line_knows_every_scope() -> None:
    assert tuple(Scope) == SCOPES


def test_token_alone_goes_to_standard_output(record: Record) -> None:
    ann = add(record, "ann", "teacher")
    made = token("create", "Ann", "--name", "Our LMS", "--scope", "read", "--scope", "record", "--days", "30")
    assert made.exit_code == 0
    assert re.fullmatch(r"wm_[\w-]{43}\n", made.stdout)
    assert re.fullmatch(r"Token 1 acts as Ann until \d\d \w+ \d{4}. It is not shown again.\n", made.stderr)
    bearer = token_bearer(made.stdout.strip())
    assert bearer is not None
    assert (bearer.viewer.user_id, bearer.scopes) == (ann, {"read", "record"})
    (facts,) = tokens_of(ann)
    assert (facts.name, (facts.expires_at - facts.created_at).days) == ("Our LMS", 29)  # and most of the 30th day


def test_without_days_a_token_works_for_ninety(sqlite_record: Record) -> None:
    ann = add(sqlite_record, "ann", "teacher")
    token("create", "ann", "--name", "LMS", "--scope", "read")
    (facts,) = tokens_of(ann)
    assert round((facts.expires_at - facts.created_at).total_seconds() / 86_400) == 90


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody", "--name", "LMS", "--scope", "read"], "Nobody has the username “nobody”."),
        (["ann", "--name", "LMS", "--scope", "manage"], "Only administrators can give a program the scope “manage”."),
        (["ann", "--name", " ", "--scope", "read"], "Give the access a name of 1 to 100 characters"),
        (["gone", "--name", "LMS", "--scope", "read"], "There is no active person with the id"),
    ],
)
def test_refused_token_is_explained_and_none_is_made(sqlite_record: Record, arguments: list[str], reason: str) -> None:
    add(sqlite_record, "ann", "teacher")
    gone = add(sqlite_record, "gone", "student")
    with sqlite_record.writing() as tx:
        deactivate(tx, gone)
    refused = token("create", *arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(reason)
    assert tokens_of() == []


@pytest.mark.parametrize(
    "arguments",
    [["--scope", "read"], ["--name", "LMS"], ["--name", "LMS", "--scope", "all"], ["--scope", "read", "--days", "367"]],
)
def test_token_without_name_or_scope_or_end_is_wrong_use(sqlite_record: Record, arguments: list[str]) -> None:
    add(sqlite_record, "ann", "teacher")
    assert token("create", "ann", *arguments).exit_code == 2
    assert tokens_of() == []


def test_list_shows_everyones_or_one_persons_and_no_token(record: Record) -> None:
    for username, scopes in {"ann": ["read"], "bob": ["read", "record"]}.items():
        add(record, username, "teacher")
        options = [part for scope in scopes for part in ("--scope", scope)]
        last = token("create", username, "--name", f"{username}s", *options).stdout.strip()
    everyone = [line.split() for line in token("list").stdout.splitlines()]
    assert [line[:3] for line in everyone[1:]] == [["2", "bob", "bobs"], ["1", "ann", "anns"]]
    assert (everyone[1][3], everyone[1][4:6], everyone[1][-1]) == (last[:8], ["read", "record"], "active")
    assert last not in token("list").stdout
    assert len(token("list", "ann").stdout.splitlines()) == 2
    assert token("list", "nobody").exit_code == 1


def test_revoked_token_opens_nothing_and_says_so_in_the_list(record: Record) -> None:
    add(record, "ann", "teacher")
    made = token("create", "ann", "--name", "LMS", "--scope", "read").stdout.strip()
    assert token("revoke", "1").stdout == "Token 1 is revoked.\n"
    assert token_bearer(made) is None
    assert token("list").stdout.split()[-1] == "revoked"
    unknown = token("revoke", "2")
    assert (unknown.exit_code, unknown.stderr) == (1, "There is no access token with the number 2.\n")
