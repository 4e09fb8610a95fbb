"""`python -m progress token`: access for programs. A new token alone goes to standard output, all words elsewhere."""

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from progress.commands.console import ready_record
from progress.people.access_tokens import MOST_DAYS, USUAL_DAYS, TokenFacts, create_token, revoke_token, tokens_of
from progress.people.accounts import user_id_of


class Scope(StrEnum):
    read = "read"
    record = "record"
    manage = "manage"


_WIDTH_OF_A_FILE = 160

token_commands = typer.Typer(help="Look after the access of programs.", no_args_is_help=True)


@token_commands.command()
def create(
    username: Annotated[str, typer.Argument(help="The person as whom the program acts.")],
    name: Annotated[str, typer.Option(help="What it is for, such as the program’s name.")],
    scope: Annotated[list[Scope], typer.Option(help="What the program may do; repeat it for several.")],
    days: Annotated[int, typer.Option(help="How long it works.", min=1, max=MOST_DAYS)] = USUAL_DAYS,
) -> None:
    """Make an access token. It is shown once: TOKEN=$(python -m progress token create …) keeps it."""
    expires_at = datetime.now(UTC) + timedelta(days=days)
    with ready_record() as record, record.writing() as tx:
        user_id = user_id_of(tx.connection, username)
        new = create_token(tx, user_id, name, [each.value for each in scope], expires_at)
    typer.echo(new.token)
    words = f"Token {new.id} acts as {username} until {expires_at:%d %B %Y}. It is not shown again."
    typer.echo(words, err=True)


@token_commands.command(name="list")
def list_tokens(
    username: Annotated[str | None, typer.Argument(help="Only this person’s; without it everyone’s.")] = None,
) -> None:
    """List access tokens, the newest first."""
    with ready_record() as record:
        with record.reading() as connection:
            user_id = user_id_of(connection, username) if username is not None else None
        tokens = tokens_of(user_id)
    Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE).print(_table(tokens))


@token_commands.command()
def revoke(token_id: Annotated[int, typer.Argument(help="Its number, which the list shows.", metavar="ID")]) -> None:
    """End an access token at once."""
    with ready_record() as record, record.writing() as tx:
        revoke_token(tx, token_id)
    typer.echo(f"Token {token_id} is revoked.")


def _table(tokens: list[TokenFacts]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("ID", "Username", "Name", "Begins with", "Scopes", "Last used", "Expires", "State"):
        table.add_column(heading)
    for token in tokens:
        table.add_row(
            str(token.id),
            token.username or "–",
            token.name,
            token.hint,
            " ".join(token.scopes),
            _day(token.last_used_at),
            _day(token.expires_at),
            token.state,
        )
    return table


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"
