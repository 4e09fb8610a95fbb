"""The audit trail: it holds what was done, nobody takes anything out, and no secret gets in. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from data.models import AuditEntry, AuditKeeping, User
from data.record import Record
from data.viewer import NotAllowed, Viewer
from progress.audit.noting import KINDS, ImpossibleDays, days_kept, keep_for, note, remove_expired
from progress.audit.reads import finish_noting, note_export, note_look
from progress.audit.trail import TrailFilter, audit_trail, trail_frames
from progress.people.access import viewer_of
from progress.people.accounts import (
    add_user,
    deactivate,
    end_role,
    give_role,
    link_guardian,
    reactivate,
    set_password,
    unlink_guardian,
)

PASSWORD = "correct horse battery"


def person(record: Record, name: str = "Ada", *roles: str) -> int:
    with record.writing() as tx:
        return add_user(tx, name, username=name.lower(), roles=roles)


def administrator(record: Record) -> Viewer:
    return viewer_of(person(record, "Root", "administrator"))


def kinds(record: Record) -> list[str]:
    with record.reading() as connection:
        return list(connection.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def old_entry(record: Record, days: float) -> None:
    moment = datetime.now(UTC) - timedelta(days=days)
    with record.writing() as tx:
        tx.execute(insert(AuditEntry).values(happened_at=moment, kind="token.made", details="{}"))


def test_what_is_done_to_an_account_stands_in_the_trail_in_order(record: Record) -> None:
    ada, child = person(record), person(record, "Bob")
    person(record, "Root", "administrator")
    with record.writing() as tx:
        set_password(tx, ada, PASSWORD)
        give_role(tx, ada, "parent")
        give_role(tx, ada, "parent")
        link_guardian(tx, ada, child, "mother")
        unlink_guardian(tx, ada, child)
        unlink_guardian(tx, ada, child)
        end_role(tx, ada, "parent")
        end_role(tx, ada, "parent")
        deactivate(tx, ada)
        reactivate(tx, ada)
    done = ["password.set", "role.given", "guardian.linked", "guardian.unlinked", "role.ended"]
    before = ["account.added", "account.added", "account.added"]
    assert kinds(record) == [*before, *done, "account.closed", "account.opened"]


def test_who_did_it_to_whom_is_named(record: Record) -> None:
    root, ada = administrator(record), person(record)
    with record.writing(by=root.user_id) as tx:
        give_role(tx, ada, "teacher")
    line = audit_trail(root).row(0, named=True)
    assert (line["actor_name"], line["what_happened"], line["subject_name"]) == ("Root", "Role given", "Ada")
    assert line["details"] == "role: teacher"


def test_a_change_that_is_taken_back_leaves_no_entry(record: Record) -> None:
    ada = person(record)

    def change_and_fail() -> None:
        with record.writing() as tx:
            give_role(tx, ada, "teacher")
            tx.execute(insert(User).values(id=ada, full_name="Twice", created_at=datetime.now(UTC), changed_in=1))

    with pytest.raises(IntegrityError):
        change_and_fail()
    assert kinds(record) == ["account.added"]


@pytest.mark.parametrize("change", [update(AuditEntry).values(kind="x"), delete(AuditEntry)])
def test_entries_can_neither_be_changed_nor_deleted(record: Record, change: object) -> None:
    person(record)
    with pytest.raises(DatabaseError, match="audit trail"), record.writing() as tx:
        tx.execute(change)  # type: ignore[arg-type]
    assert kinds(record) == ["account.added"]


def test_entries_cannot_be_written_over(record: Record) -> None:
    person(record)
    over = "insert or replace into audit_entries (id, happened_at, kind, details) values (1, 1, 'x', '{}')"
    if not record.is_sqlite:
        over = "truncate audit_entries"
    with pytest.raises(DatabaseError, match="audit trail"), record.writing() as tx:
        tx.execute(text(over))
    assert kinds(record) == ["account.added"]


def test_entries_go_when_they_are_older_than_the_school_keeps_them(record: Record) -> None:
    old_entry(record, days=401)
    old_entry(record, days=399)
    assert remove_expired(datetime.now(UTC)) == 1
    assert kinds(record) == ["token.made", "audit.expired"]
    assert remove_expired(datetime.now(UTC)) == 0


def test_school_sets_for_how_long_entries_are_kept_and_that_is_noted(record: Record) -> None:
    assert days_kept() == 400
    with record.writing() as tx:
        keep_for(tx, 90)
        keep_for(tx, 90)
    assert days_kept() == 90
    assert kinds(record) == ["audit.kept_for"]


@pytest.mark.parametrize("days", [0, 29, 100_000])
def test_impossible_times_of_keeping_are_refused(sqlite_record: Record, days: int) -> None:
    with pytest.raises(ImpossibleDays), sqlite_record.writing() as tx:
        keep_for(tx, days)


def test_the_database_refuses_a_shorter_time_too(record: Record) -> None:
    with pytest.raises(IntegrityError), record.writing() as tx:
        tx.execute(update(AuditKeeping).values(days=0))


def test_only_administrators_read_the_trail(record: Record) -> None:
    for role in ("student", "teacher", "parent"):
        viewer = viewer_of(person(record, role.capitalize(), role))
        with pytest.raises(NotAllowed):
            audit_trail(viewer)
        with pytest.raises(NotAllowed):
            trail_frames(viewer)


def test_trail_is_narrowed_by_kind_person_and_time(record: Record) -> None:
    root, ada, bob = administrator(record), person(record), person(record, "Bob")
    with record.writing(by=ada) as tx:
        note(tx, "token.made", subject_id=bob)
    now = datetime.now(UTC)

    def found(**wanted: object) -> list[str]:
        return audit_trail(root, TrailFilter(**wanted))["kind"].to_list()  # type: ignore[arg-type]

    assert found(kind="token.made") == ["token.made"]
    assert found(person_id=ada) == ["token.made", "account.added"]
    assert found(person_id=bob) == ["token.made", "account.added"]
    assert found(since=now + timedelta(hours=1)) == []
    assert len(found(until=now + timedelta(hours=1))) == len(kinds(record))


def test_frames_hold_all_entries_and_pages_go_on_where_they_ended(record: Record) -> None:
    root = administrator(record)
    with record.writing() as tx:
        for number in range(10):
            note(tx, "export.taken", what=f"file {number}")
    first = audit_trail(root, limit=4)
    second = audit_trail(root, limit=4, before_id=first["entry_id"][-1])
    assert [*first["details"], *second["details"]] == [f"what: file {number}" for number in range(9, 1, -1)]
    assert sum(frame.height for frame in trail_frames(root)) == len(kinds(record))


def test_an_administrators_look_at_someone_is_noted_once_in_a_quarter_of_an_hour(record: Record) -> None:
    root, ada = administrator(record), person(record)
    for _ in range(3):
        note_look(root, ada)
    note_look(root, root.user_id)
    note_look(viewer_of(ada), root.user_id)
    note_export(root, "events", "csv", course_id=3)
    finish_noting()
    lines = audit_trail(root).head(2).rows(named=True)
    assert [(line["kind"], line["subject_id"], line["details"]) for line in lines] == [
        ("export.taken", None, "what: events; format: csv; course id: 3"),
        ("person.looked_up", ada, ""),
    ]


def test_no_entry_knows_a_password(record: Record) -> None:
    root, ada = administrator(record), person(record)
    with record.writing() as tx:
        set_password(tx, ada, PASSWORD)
    trail = audit_trail(root).write_csv()
    with record.reading() as connection:
        stored = connection.scalars(select(User.password_hash).where(User.id == ada)).one()
    assert PASSWORD not in trail
    assert str(stored) not in trail


def test_errors_of_the_database_show_no_values(record: Record) -> None:
    ada = person(record)
    row = {"id": ada, "full_name": "Secret Name", "created_at": datetime.now(UTC), "changed_in": 1}
    with pytest.raises(IntegrityError) as failed, record.writing() as tx:
        tx.execute(insert(User).values(row))
    assert "Secret Name" not in str(failed.value)


def test_unknown_kinds_are_a_fault_of_the_program(sqlite_record: Record) -> None:
    with pytest.raises(AssertionError), sqlite_record.writing() as tx:
        note(tx, "something")
    assert all("." in kind for kind in KINDS)
