"""What a roster does to people's rights stands in the audit trail, each by itself; a check leaves nothing there."""

from collections import Counter

from sqlalchemy import select

from data.models import AuditEntry
from data.record import Record
from progress.people.accounts import add_user
from tests.progress.importers.oneroster.packages import gone, imported, only, small_school
from tests.progress.importers.oneroster.roster_rows import id_of


def entries(record: Record, after: int = 0) -> list[tuple[str, int | None, int | None]]:
    """Kind, whom it is about, and who did it, in order."""
    asked = select(AuditEntry.kind, AuditEntry.subject_id, AuditEntry.actor_id).order_by(AuditEntry.id)
    with record.reading() as connection:
        return [tuple(row) for row in connection.execute(asked).all()][after:]


def test_roles_links_and_the_import_itself_are_noted_with_who_applied_it(record: Record) -> None:
    with record.writing() as tx:
        root = add_user(tx, "Root", roles=["administrator"])
    files = small_school()
    imported(record, files, by=root)
    found = entries(record)
    assert {by for _, _, by in found} == {root}
    assert ("guardian.linked", id_of(record, "ada"), root) in found
    assert Counter(kind for kind, _, _ in found)["role.given"] == 6
    assert found[-1] == ("import.applied", None, root)


def test_someone_whom_the_roster_takes_away_loses_account_role_and_link_on_the_trail(record: Record) -> None:
    files = small_school()
    imported(record, files)
    before = len(entries(record))
    mum = id_of(record, "mum")
    imported(record, {"users": [gone(only(files, "users", "mum"))]}, mode="delta")
    found = Counter((kind, about) for kind, about, _ in entries(record, before))
    assert found[("account.closed", mum)] == 1
    assert found[("role.ended", mum)] == 1
    assert found[("guardian.unlinked", id_of(record, "ada"))] == 1


def test_same_roster_again_and_a_preview_leave_nothing_on_the_trail(record: Record) -> None:
    imported(record, small_school(), preview=True)
    assert entries(record) == []
    imported(record, small_school())
    before = len(entries(record))
    imported(record, small_school())
    assert entries(record, before) == []
