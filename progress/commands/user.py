"""`python -m progress user`: people with an account. Passwords are asked for unseen or read from standard input."""

import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Select, func, select

from data.models import User, UserRole
from progress.commands.console import ready_record
from progress.people.accounts import (
    add_user,
    deactivate,
    end_role,
    give_role,
    reactivate,
    set_password,
    user_id_of,
)


class Role(StrEnum):
    student = "student"
    teacher = "teacher"
    parent = "parent"
    administrator = "administrator"


Username = Annotated[str, typer.Argument(help="The name that they sign in with.")]
Own = Annotated[
    bool, typer.Option("--own", help="The password is yours to keep; without it, it is changed at the first sign-in.")
]
PasswordFromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]

_WIDTH_OF_A_FILE = 160

user_commands = typer.Typer(help="Look after the people who sign in.", no_args_is_help=True)


@user_commands.command()
def add(
    full_name: Annotated[str, typer.Argument(help="As it is shown to others.")],
    username: Annotated[str, typer.Option(help="The name that they sign in with; upper and lower case are the same.")],
    role: Annotated[list[Role], typer.Option(help="What they are here; repeat it for several roles.")],
    email: Annotated[str | None, typer.Option(help="Where they can be reached.")] = None,
    password_stdin: PasswordFromStdin = False,
    own: Own = False,
) -> None:
    """Add a person with an account. They choose a password of their own when they first sign in."""
    with ready_record() as record:
        password = _password(password_stdin)
        with record.writing() as tx:
            add_user(
                tx,
                full_name,
                username=username,
                password=password,
                email=email,
                roles=[each.value for each in role],
                must_change_password=not own,
            )
    typer.echo(f"{full_name} can now sign in as {username}.")


@user_commands.command()
def password(username: Username, password_stdin: PasswordFromStdin = False, own: Own = False) -> None:
    """Set a new password, which its owner changes at the next sign-in. Open sessions and access tokens end."""
    with ready_record() as record:
        with record.reading() as connection:
            user_id = user_id_of(connection, username)
        new_password = _password(password_stdin)
        with record.writing() as tx:
            set_password(tx, user_id, new_password, must_be_changed=not own)
    typer.echo(f"{username} has a new password.")


@user_commands.command()
def role(
    username: Username,
    role: Annotated[Role, typer.Argument(help="The role to give.")],
    end: Annotated[bool, typer.Option("--end", help="Take the role away instead.")] = False,
) -> None:
    """Give a role to a person, or take it away. A person can hold several."""
    with ready_record() as record, record.writing() as tx:
        change = end_role if end else give_role
        change(tx, user_id_of(tx.connection, username), role.value)
    typer.echo(f"{username} is {'no longer' if end else 'now'} {role}.")


@user_commands.command(name="list")
def list_users(
    everyone: Annotated[
        bool, typer.Option("--all", help="Also people without an account, such as imported learners.")
    ] = False,
) -> None:
    """List people with their roles."""
    table = Table("Username", "Name", "Roles", "Account", box=None, pad_edge=False)
    with ready_record() as record, record.reading() as connection:
        for person in connection.execute(_people(everyone)):
            roles = ", ".join(sorted(person.roles.split(", ")))
            account = "open" if person.is_active else "closed"
            table.add_row(person.username or "–", person.full_name, roles, account if person.username else "–")
    Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE).print(table)


@user_commands.command(name="deactivate")
def close_account(username: Username) -> None:
    """Close an account. What is recorded stays; open sessions and access tokens end."""
    with ready_record() as record, record.writing() as tx:
        deactivate(tx, user_id_of(tx.connection, username))
    typer.echo(f"{username} can no longer sign in.")


@user_commands.command(name="reactivate")
def open_account(username: Username) -> None:
    """Open a closed account again, with the password and the roles that it had."""
    with ready_record() as record, record.writing() as tx:
        reactivate(tx, user_id_of(tx.connection, username))
    typer.echo(f"{username} can sign in again.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    entered: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return entered


def _people(everyone: bool) -> Select[tuple[str | None, str, bool, str]]:
    roles = (
        select(func.coalesce(func.aggregate_strings(UserRole.role, ", "), ""))
        .where(UserRole.user_id == User.id, UserRole.ended_at.is_(None))
        .scalar_subquery()
    )
    people = select(User.username, User.full_name, User.is_active, roles.label("roles"))
    return (people if everyone else people.where(User.username.is_not(None))).order_by(
        User.username.nulls_last(), User.full_name
    )
