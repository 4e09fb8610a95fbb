"""Backups of the record: made while it is used, verified by loading them, and restored completely or not at all."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import delete, func, select

from data.backup import BackupNotWritten, NoRoomToTry, NotABackup, tried_out, write_backup
from data.lineage import start_new_lineage
from data.migrate import ReferencesBroken, migrate
from data.models import AuditEntry, SignInSession
from data.readiness import RecordDiffers, require_ready, require_whole
from data.record import Record, current_record
from data.restoring import holds_something, put_in_place
from data.troubles import NoRecord, RecordDamaged, shown, trouble_of
from data.viewer import Viewer, require_administrator
from progress.audit.noting import note
from progress.recording.rebuild import differences


@dataclass(frozen=True)
class Tried:
    """The result of verifying a backup. `differing` counts stored values that the events do not account for.

    `untried` says why it was written but not loaded.
    """

    differing: int = 0
    untried: str | None = None


class RecordInUse(Exception):
    def __init__(self, where: str) -> None:
        super().__init__(
            f"The record at {where} holds something, and a restore would replace all of it. "
            "If that is wanted, say so with --replace."
        )


def back_up(record: Record, file: Path) -> Tried:
    """Write the backup, then load it, migrate that copy and check it. Recording goes on meanwhile.

    Raises BackupNotWritten, ProgramMissing.
    """
    write_backup(record, file)
    try:
        tried = _tried(record, file)
    except NotABackup as error:
        file.unlink()
        raise BackupNotWritten(file, f"what was written could not be restored, since {error.reason}") from None
    with record.writing() as tx:
        note(tx, "backup.made", file=file.name, bytes=file.stat().st_size)
    return tried


def last_backup_at(viewer: Viewer) -> datetime | None:
    """When Waymark last made a backup, as far as the audit trail goes back. Raises NotAllowed."""
    require_administrator(viewer)
    with current_record().reading() as connection:
        return connection.execute(
            select(func.max(AuditEntry.happened_at)).where(AuditEntry.kind == "backup.made")
        ).scalar_one()


def restore(record: Record, file: Path, *, replace: bool = False) -> int:
    """Replace the record by the backup's contents, migrated to this version and with a new lineage.

    Everyone has to sign in again, since sessions that ended after the backup would be open. Returns how many stored
    values the events do not account for. Raises NotABackup, NoRoomToTry, ProgramMissing, ProgramFailed, and RecordInUse
    if the record is not empty and `replace` is false; the record is then unchanged.
    """
    if not replace and holds_something(record):
        raise RecordInUse(shown(record.url))
    with tried_out(record, file) as copy:
        differing = _prepare(copy, file)
        with copy.writing() as tx:
            start_new_lineage(tx)
            tx.execute(delete(SignInSession))
            note(tx, "backup.restored", file=file.name)
        put_in_place(record, copy)
    return differing


def _tried(record: Record, file: Path) -> Tried:
    try:
        with tried_out(record, file) as copy:
            return Tried(_prepare(copy, file))
    except NoRoomToTry as error:
        return Tried(untried=str(error))


def _prepare(copy: Record, file: Path) -> int:
    """Bring the copy of a backup up to this version and check it; returns how many stored values differ."""
    try:
        migrate(copy)
        require_ready(copy)
        require_whole(copy, thoroughly=True)
        return differences(copy).height
    except CommandError:
        raise NotABackup(file, "it was made by a newer version of Waymark. Use that version.") from None
    except ReferencesBroken as error:
        raise NotABackup(file, f"rows of {error.table} in it refer to what is not there.") from None
    except RecordDiffers as error:
        raise NotABackup(file, " ".join(error.faults)) from None
    except Exception as error:
        if isinstance(trouble_of(error, copy.url), NoRecord | RecordDamaged):
            raise NotABackup(file, "it is damaged: part of it cannot be read.") from None
        raise
