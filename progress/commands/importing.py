"""`python -m progress import`: import data of other systems, with one command for each source."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from progress.commands.console import ready_record
from progress.importers.oneroster.importing import import_oneroster
from progress.importers.oulad.importing import import_oulad
from progress.importers.shared.report import ImportReport
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.people.access import viewer_of
from progress.people.accounts import user_id_of
from progress.xapi.file.importing import import_xapi

import_commands = typer.Typer(help="Bring another system's data into the record.", no_args_is_help=True)


@import_commands.command()
def oulad(
    folder: Annotated[
        Path, typer.Argument(help="Where its seven tables are, as Parquet or CSV.", exists=True, file_okay=False)
    ],
) -> None:
    """Import the Open University Learning Analytics Dataset. Importing it again changes nothing."""
    with ready_record() as record, progress_bar() as show:
        report = import_oulad(record, folder, progress=show)
    tell(report)


@import_commands.command()
def oneroster(
    package: Annotated[
        Path, typer.Argument(metavar="ZIP", help="A OneRoster 1.1 or 1.2 package of CSV.", exists=True, dir_okay=False)
    ],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would change, and change nothing.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave refused rows out instead of leaving everything as it is.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse rows that refer to what is not in the export, as a check of it.")
    ] = False,
) -> None:
    """Import a school's roster: organisations, terms, courses, classes, people, guardians and enrolments."""
    with ready_record() as record, progress_bar() as show:
        report = import_oneroster(
            record, package, preview=preview, skip_refused=skip_refused, strict=strict, progress=show
        )
    tell(report)


@import_commands.command()
def spreadsheet(
    file: Annotated[Path, typer.Argument(help="A CSV file or an Excel workbook (.xlsx).", exists=True, dir_okay=False)],
    username: Annotated[str, typer.Option("--as", help="On whose word: an administrator, or a teacher for their own.")],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would change, and change nothing.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave refused lines out instead of leaving everything as it is.")
    ] = False,
) -> None:
    """Record what a progress spreadsheet states. Importing it again changes nothing."""
    with ready_record() as record, progress_bar() as show:
        with record.reading() as connection:
            viewer = viewer_of(user_id_of(connection, username))
        report = import_spreadsheet(
            record, file, viewer=viewer, preview=preview, skip_refused=skip_refused, progress=show
        )
    if preview:
        typer.echo("This is a preview. Nothing is changed.")
    tell(report)


@import_commands.command()
def xapi(
    file: Annotated[
        Path,
        typer.Argument(
            help="Statements: one a line, or a JSON list; packed with gzip or not.", exists=True, dir_okay=False
        ),
    ],
    provision: Annotated[
        bool,
        typer.Option(
            "--provision", help="Make the courses, learners and videos known that the statements name and nobody knows."
        ),
    ] = False,
) -> None:
    """Import xAPI statements. Importing them again changes nothing."""
    with ready_record() as record, progress_bar() as show:
        report = import_xapi(record, file, provisions=provision, progress=show)
    tell(report)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar during the block; yields a function of (rows done, rows in all, what is being done)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Starting", total=None)
        yield lambda done, total, label: bar.update(task, completed=done, total=total, description=label)


def tell(report: ImportReport) -> None:
    """Print what an import did; ends the command with status 1 where rows were refused."""
    typer.echo(str(report))
    if report.refused_count:
        raise typer.Exit(1)
