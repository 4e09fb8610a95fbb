"""`python -m progress audit`: for how long the audit trail is kept."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from progress.audit.noting import LONGEST_DAYS, SHORTEST_DAYS, keep_for, remove_expired
from progress.commands.console import ready_record

audit_commands = typer.Typer(help="Look after the audit trail.", no_args_is_help=True)


@audit_commands.callback()
def audit() -> None:
    """Look after the audit trail: who did what to accounts, rights and data."""


@audit_commands.command()
def keep(
    days: Annotated[int, typer.Argument(help="Older entries are removed.", min=SHORTEST_DAYS, max=LONGEST_DAYS)],
) -> None:
    """Set for how many days entries are kept, and remove older ones."""
    with ready_record() as record:
        with record.writing() as tx:
            keep_for(tx, days)
        removed = remove_expired(datetime.now(UTC))
    typer.echo(f"Entries are kept for {days:,} days. {removed:,} were older and are removed.")
