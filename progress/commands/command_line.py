"""`python -m progress`: the record's command line, with the commands that belong to no group."""

from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from data.file_modes import make_files_private
from data.migrate import migrate as migrate_record
from data.readiness import require_ready, require_whole
from data.record import current_record
from data.settings import settings
from data.write_ahead_log import require_own_log
from progress.commands.audit import audit_commands
from progress.commands.backup import backup, restore
from progress.commands.console import in_plain_words, ready_record, refused
from progress.commands.course import course_commands
from progress.commands.importing import import_commands
from progress.commands.school import school_commands
from progress.commands.token import token_commands
from progress.commands.user import user_commands
from progress.recording.rebuild import differences
from progress.recording.rebuild import rebuild as rebuild_record
from progress.sample.school import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, RecordHoldsPeople, load_sample

if TYPE_CHECKING:
    from data.mirror import MirrorDifference

_SUBJECTS = {"module_progress": "module", "unit_progress": "unit", "course_progress": "course", "enrolments": "course"}

app = typer.Typer(
    help="Work on Waymark's record: set it up, fill it, check it, and look after its people.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(audit_commands, name="audit")
app.command()(backup)
app.command()(restore)
app.add_typer(course_commands, name="course")
app.add_typer(import_commands, name="import")
app.add_typer(school_commands, name="school")
app.add_typer(token_commands, name="token")
app.add_typer(user_commands, name="user")


@app.command()
def migrate() -> None:
    """Set the record up, or bring it up to this version. Safe to repeat."""
    with in_plain_words():
        record = current_record()
        if record.is_sqlite:
            require_own_log(record.url)
        migrate_record(record)
        require_ready(record)
        require_whole(record)
        for open_to_others in make_files_private(settings()):
            typer.echo(open_to_others, err=True)
        typer.echo(f"The record is ready: {record.engine.url.render_as_string(hide_password=True)}")


@app.command()
def sample(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing where the record already holds people.")
    ] = False,
) -> None:
    """Load the sample school: a term of a school of 98 learners, with accounts to sign in as."""
    with ready_record() as record:
        try:
            load_sample(record)
        except RecordHoldsPeople:
            if not if_empty:
                raise
            return
    accounts = ", ".join(username for username, _ in SAMPLE_ACCOUNTS)
    typer.echo(f"The sample school is loaded. Sign in as {accounts}; the password is {SAMPLE_PASSWORD}.")


@app.command()
def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; list what differs, and exit 1 if any does.")
    ] = False,
) -> None:
    """Recompute every stored progress row from the events, and compare the mirror with the record.

    The mirror is this command's own, or the server's while that is stopped; a running server's page “Data check”
    compares the one that it shows.
    """
    from data.mirror import with_mirror  # imported here because it loads DuckDB, which no other command needs

    with ready_record() as record:
        if check:
            require_whole(record, thoroughly=True)
            lines, mirrored = differences(record), with_mirror(lambda mirror: mirror.check(repairs=False))
            _list_mirror_differences(mirrored)
            _list_differences(lines, len(mirrored))
        else:
            typer.echo(f"Every stored row is recomputed; {rebuild_record(record):,} were set right.")
            repaired = with_mirror(lambda mirror: mirror.check(repairs=True))
            _list_mirror_differences(repaired)
            typer.echo("The mirror is built anew." if repaired else "The mirror holds what the record holds.")


def _list_mirror_differences(found: "list[MirrorDifference]") -> None:
    for each in found:
        place = f"mirror of {each.table}" + (f", course {each.course_id}" if each.course_id else "")
        counts = f"{each.record_count:,} in the record, {each.mirror_count:,} in the mirror"
        typer.echo(f"{place}: {each.differing_count:,} rows differ; {counts}")


def _list_differences(lines: pl.DataFrame, mirrored_count: int) -> None:
    for line in lines.iter_rows(named=True):
        place = f"{line['table']}: learner {line['learner_id']}, {_SUBJECTS[line['table']]} {line['subject_id']}"
        typer.echo(f"{place}, {line['column']}: stored {line['stored']}, recomputed {line['recomputed']}")
    if lines.height:
        raise refused(f"{lines.height:,} stored values differ. To set them right: python -m progress rebuild")
    if mirrored_count:
        raise refused("The mirror differs from the record. To build it anew: python -m progress rebuild")
    typer.echo("Every stored row is right, and the mirror holds what the record holds.")
