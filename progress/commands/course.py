"""`python -m progress course`: what an operator decides about a whole course."""

from typing import Annotated

import typer

from progress.commands.console import ready_record
from progress.xapi.record.provisioning import course_id_of, set_provisioning

course_commands = typer.Typer(help="Decide what holds for a whole course.", no_args_is_help=True)


# A command group with a single command would not ask for its name.
@course_commands.callback()
def course() -> None:
    """Decide what holds for a whole course."""


@course_commands.command()
def provision_xapi(
    external_id: Annotated[str, typer.Argument(help="The id that the course has in other systems.")],
    off: Annotated[bool, typer.Option("--off", help="No longer; who and what is known by now stays.")] = False,
) -> None:
    """Let xAPI statements about unknown learners and videos of a course make them known."""
    with ready_record() as record, record.writing() as tx:
        changed = set_provisioning(tx, course_id_of(tx, external_id), not off)
    known = "no longer made known" if off else "made known"
    typer.echo(f"Unknown learners and videos of {external_id} are {known}{'' if changed else ', as before'}.")
