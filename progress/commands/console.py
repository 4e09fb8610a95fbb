"""What the commands share: the record that they work on, and how they report what went wrong.

Exit statuses: 0 success, 1 something was refused or differs, 2 the command was used wrongly (typer's own).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from data.backup import BackupNotWritten, NoRoomToTry, NotABackup
from data.migrate import ReferencesBroken
from data.postgresql_programs import ProgramFailed, ProgramMissing
from data.readiness import require_ready
from data.record import Record, current_record
from data.restoring import DamagedRecordHeld
from data.settings import settings
from data.troubles import RecordTrouble, troubles_named
from progress.audit.noting import ImpossibleDays
from progress.courses.schools import UnknownSchool, UnknownTimeZone
from progress.importers.shared.report import CannotImport
from progress.people.access import UnknownPerson
from progress.people.access_tokens import (
    ImpossibleExpiry,
    NamelessToken,
    NoSuchOwner,
    OnlyForAdministrators,
    TooManyTokens,
    UnknownToken,
)
from progress.people.accounts import (
    InvalidUsername,
    LastAdministrator,
    UnknownRole,
    UnknownUsername,
    UsernameTaken,
)
from progress.people.passwords import REFUSED_PASSWORDS
from progress.sample.school import RecordHoldsPeople
from progress.upkeep.backing_up import RecordInUse
from progress.xapi.record.provisioning import UnknownCourse

_TOLD_AS_THEY_ARE = (
    BackupNotWritten,
    *REFUSED_PASSWORDS,
    CannotImport,
    DamagedRecordHeld,
    ImpossibleDays,
    ImpossibleExpiry,
    InvalidUsername,
    LastAdministrator,
    NamelessToken,
    NoRoomToTry,
    NoSuchOwner,
    NotABackup,
    OnlyForAdministrators,
    ProgramFailed,
    ProgramMissing,
    RecordHoldsPeople,
    RecordInUse,
    RecordTrouble,
    ReferencesBroken,
    TooManyTokens,
    UnknownCourse,
    UnknownPerson,
    UnknownRole,
    UnknownSchool,
    UnknownTimeZone,
    UnknownToken,
    UnknownUsername,
    UsernameTaken,
)


@contextmanager
def ready_record() -> Iterator[Record]:
    """The current record, reachable and migrated; its troubles in the block are reported in words."""
    with in_plain_words():
        record = current_record()
        require_ready(record)
        yield record


@contextmanager
def in_plain_words() -> Iterator[None]:
    """End the command with status 1 and a sentence on stderr for errors that people can act on.

    Anything else is a bug, and keeps its traceback for the report.
    """
    try:
        with troubles_named(settings().database_url):
            yield
    except _TOLD_AS_THEY_ARE as error:
        raise refused(str(error)) from None
    except CommandError:
        raise refused("This record was made by a newer version of Waymark. Use that version.") from None
    except DBAPIError as error:
        raise refused(f"The record cannot be used: {error.orig}") from None
    except OSError as error:
        raise refused(f"{error.filename}: {error.strerror}") from None


def refused(reason: str) -> typer.Exit:
    """Print the reason on stderr; returns the exit to raise."""
    typer.echo(reason, err=True)
    return typer.Exit(1)
