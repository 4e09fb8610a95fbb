"""`python -m progress backup` and `restore`: the record as one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from data.record import current_record
from progress.commands.console import in_plain_words, ready_record, refused
from progress.upkeep.backing_up import back_up
from progress.upkeep.backing_up import restore as restore_record

_DIFFERING = "{count:,} stored values in it differ from what the events account for. To see them: {command}"


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup. There must be no such file yet.")],
) -> None:
    """Write the whole record into one file and try that out. Recording goes on meanwhile."""
    with ready_record() as record:
        tried = back_up(record, file)
    megabytes = file.stat().st_size / 1e6
    if tried.untried:
        typer.echo(f"Written, but not tried out: {file} ({megabytes:.1f} MB). {tried.untried}")
    else:
        typer.echo(f"Written and tried out: {file} ({megabytes:.1f} MB).")
    if tried.differing:
        raise refused(_DIFFERING.format(count=tried.differing, command="python -m progress rebuild --check"))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `python -m progress backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a record that holds something. It is kept until all is done.")
    ] = False,
) -> None:
    """Put a backup in the record's place, brought up to this version. Also under a running server."""
    with in_plain_words():
        differing = restore_record(current_record(), file, replace=replace)
    typer.echo(
        f"The record is now what {file} holds. Everyone has to sign in again; access tokens that were revoked after "
        "the backup are valid again, so look through them."
    )
    if differing:
        raise refused(_DIFFERING.format(count=differing, command="python -m progress rebuild --check"))
