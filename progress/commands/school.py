"""`python -m progress school`: which schools there are, and in which time zone each counts its days."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from progress.commands.console import ready_record
from progress.courses.schools import school_named, schools, schools_below, set_time_zone

school_commands = typer.Typer(help="Show schools and set their time zones.", no_args_is_help=True)


@school_commands.command()
def show() -> None:
    """List every school with its number, its id in other systems and its time zone."""
    with ready_record() as record, record.reading() as connection:
        all_schools = schools(connection)
    for school in all_schools:
        ids = f"{school.school_id}\t{school.external_id or '–'}"
        typer.echo(f"{ids}\t{school.time_zone}\t{school.name} ({school.kind})")
    if not all_schools:
        typer.echo("The record has no school.")


@school_commands.command("set")
def set_school(
    school: Annotated[str, typer.Argument(help="Its number, its id in other systems, or its name.")],
    time_zone: Annotated[str, typer.Option("--time-zone", help="An IANA name, such as America/Los_Angeles.")],
    with_below: Annotated[
        bool, typer.Option("--with-below", help="Also for every school that belongs to it, as to a district.")
    ] = False,
) -> None:
    """Count a school's days and weeks in another time zone. What happened keeps its moment."""
    with ready_record() as record, record.writing() as tx:
        chosen = school_named(tx.connection, school)
        below = schools_below(schools(tx.connection), chosen.school_id) if with_below else []
        ids = [chosen.school_id, *(one.school_id for one in below)]
        count = set_time_zone(tx, ids, time_zone, datetime.now(UTC))
    words = "is" if len(ids) == 1 else f"and {len(below)} below it are"
    typer.echo(f"{chosen.name} {words} counted in {time_zone}{'' if count else ', as before'}.")
