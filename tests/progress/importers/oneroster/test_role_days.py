"""A role of 1.2 begins and ends on the days that roles.csv names, by itself, at midnight of its school."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from api.service import releasing_modules
from data.models import AuditEntry, Enrolment, RoleClaim, School, User, UserRole
from data.record import Record
from progress.courses.class_enrolment import follow_due
from progress.courses.enrolment import NotLearners, enrol
from progress.people.access import viewer_of
from progress.people.accounts import LastAdministrator, end_role, give_role, set_password
from progress.recording.rebuild import differences
from queries.asking.ask import ask_anything
from tests.progress.importers.oneroster.packages import NOW, Files, changed, enrollment, gone, only
from tests.progress.importers.oneroster.roster_rows import enrolments, guardians, id_of, open_roles
from tests.progress.importers.oneroster.test_version_1_2 import bring, newer_school, role
from tests.progress.importers.stored import rows

LOS_ANGELES = "America/Los_Angeles"
MIDNIGHT = datetime(2026, 1, 20, 8, tzinfo=UTC)  # in Los Angeles
SECOND = timedelta(seconds=1)


def with_role(user_id: str, name: str, /, **days: str) -> Files:
    files = newer_school()
    only(files, "roles", f"{user_id}-{name}").update(days)
    return files


def in_los_angeles(record: Record) -> None:
    with record.writing() as tx:
        tx.execute(update(School).values(time_zone=LOS_ANGELES, changed_in=tx.number))


def noted(record: Record, user_id: int) -> list[str]:
    entries = select(AuditEntry.kind).where(AuditEntry.subject_id == user_id, AuditEntry.kind.like("role.%"))
    return [kind for (kind,) in rows(record, entries.order_by(AuditEntry.id))]


def test_role_that_lies_ahead_begins_at_midnight_of_its_school_without_an_import(record: Record) -> None:
    bring(record, {**newer_school(), "roles": [role("mum", "guardian")], "enrollments": []}, skip_refused=True)
    in_los_angeles(record)
    files = newer_school()
    for name in ("ada-student", "turing-teacher"):
        only(files, "roles", name)["beginDate"] = "2026-01-20"
    report = bring(record, files)
    assert (report.refused_count, report.is_applied) == (0, True)
    turing, ada = id_of(record, "turing"), id_of(record, "ada")
    follow_due(MIDNIGHT - SECOND)
    assert ("ada", "algebra") not in enrolments(record)
    assert (viewer_of(turing).roles, viewer_of(turing).learner_ids) == (frozenset(), frozenset())
    assert viewer_of(ada).learner_ids == frozenset()
    assert follow_due(MIDNIGHT) == 1
    assert ada in viewer_of(turing, MIDNIGHT).learner_ids
    assert viewer_of(ada).roles == {"student"}
    since = select(Enrolment.enrolled_at).where(Enrolment.user_id == ada)
    assert rows(record, since) == [(MIDNIGHT,)]
    assert (noted(record, ada), noted(record, turing)) == (["role.given"], ["role.given"])
    assert differences(record).is_empty()
    assert bring(record, files, now=MIDNIGHT + timedelta(days=1)).changed_count == 0


def test_role_that_ends_on_a_day_ahead_holds_until_then(record: Record) -> None:
    bring(record, newer_school())
    in_los_angeles(record)
    files = newer_school()
    for name in ("ben-student", "turing-teacher", "mum-guardian"):
        only(files, "roles", name)["endDate"] = "2026-01-19"
    assert bring(record, files).tallies["roles"].updated == 3
    turing, ben, ada = (id_of(record, name) for name in ("turing", "ben", "ada"))
    follow_due(MIDNIGHT - SECOND)
    assert ben in viewer_of(turing, MIDNIGHT - SECOND).learner_ids
    assert ada in viewer_of(id_of(record, "mum")).learner_ids
    assert follow_due(MIDNIGHT) == 1
    assert viewer_of(turing).roles == viewer_of(id_of(record, "mum")).roles == viewer_of(ben).roles == frozenset()
    assert viewer_of(turing).learner_ids == viewer_of(id_of(record, "mum")).learner_ids == frozenset()
    dropped = select(Enrolment.status, Enrolment.dropped_at).where(Enrolment.user_id == ben)
    assert rows(record, dropped) == [("dropped", MIDNIGHT)]
    assert noted(record, ben)[-1] == "role.ended"
    assert differences(record).is_empty()
    assert bring(record, files, now=MIDNIGHT + timedelta(days=1)).tallies["roles"].changed == 0


def test_running_server_acts_on_the_day_by_itself(sqlite_record: Record) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    bring(sqlite_record, with_role("turing", "teacher", endDate=f"{yesterday:%Y-%m-%d}"), now=yesterday)
    assert open_roles(sqlite_record)["turing"] == {"teacher"}
    with releasing_modules(0.01):
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while "turing" in open_roles(sqlite_record) and datetime.now(UTC) < deadline:
            pass
    assert "turing" not in open_roles(sqlite_record)


def test_what_lies_ahead_counts_nowhere_yet(sqlite_record: Record) -> None:
    bring(sqlite_record, with_role("ada", "student", beginDate="2026-01-20"))
    listed = {
        row["full_name"]: row["roles"]
        for row in ask_anything("select full_name, roles from person_directory").to_dicts()
    }
    assert listed["Ada Elm"] == []
    with sqlite_record.writing() as tx, pytest.raises(NotLearners):
        enrol(tx, [id_of(sqlite_record, "ada")], 1, NOW)


def test_zone_that_the_school_gets_later_moves_the_day(sqlite_record: Record) -> None:
    bring(sqlite_record, with_role("ada", "student", beginDate="2026-01-20"))
    follow_due(datetime(2026, 1, 19, 20, tzinfo=UTC))
    with sqlite_record.writing() as tx:
        tx.execute(update(School).values(time_zone="Asia/Tokyo", changed_in=tx.number))
    assert "ada" not in open_roles(sqlite_record)
    follow_due(datetime(2026, 1, 19, 20, 1, tzinfo=UTC))
    assert open_roles(sqlite_record)["ada"] == {"student"}


def test_import_that_comes_before_the_server_has_seen_the_day_acts_on_it(sqlite_record: Record) -> None:
    bring(sqlite_record, with_role("turing", "teacher", endDate="2026-01-15"))
    bring(sqlite_record, {"users": [changed(only(newer_school(), "users", "ben"))]}, mode="delta", now=MIDNIGHT)
    follow_due(MIDNIGHT + SECOND)
    assert "turing" not in open_roles(sqlite_record)


def test_role_of_which_the_roster_now_says_that_it_begins_later_ends_until_then(sqlite_record: Record) -> None:
    bring(sqlite_record, newer_school())
    later = with_role("ada", "student", beginDate="2026-01-20")
    report = bring(sqlite_record, later)
    assert "ada" not in open_roles(sqlite_record)
    assert enrolments(sqlite_record)["ada", "algebra"] == "dropped"
    told = dict(report.lines.filter(file="roles.csv").select("subject", "reason").rows())
    assert told["ada-student"] == "role student begins on 2026-01-20"
    assert bring(sqlite_record, later).changed_count == 0
    follow_due(datetime(2026, 1, 20, tzinfo=UTC))
    assert enrolments(sqlite_record)["ada", "algebra"] == "active"


def test_role_that_was_over_before_anyone_said_so_ended_on_its_day(sqlite_record: Record) -> None:
    bring(sqlite_record, newer_school())
    bring(sqlite_record, with_role("ben", "student", endDate="2026-01-06"))
    ben = id_of(sqlite_record, "ben")
    ended = select(UserRole.ended_at).where(UserRole.user_id == ben)
    assert rows(sqlite_record, ended) == [(datetime(2026, 1, 7, tzinfo=UTC),)]
    dropped = select(Enrolment.dropped_at).where(Enrolment.user_id == ben)
    assert rows(sqlite_record, dropped) == [(datetime(2026, 1, 7, tzinfo=UTC),)]


@pytest.mark.parametrize("mode", ["bulk", "delta"])
def test_what_lies_ahead_and_is_taken_back_never_comes(sqlite_record: Record, mode: str) -> None:
    files = newer_school()
    ahead = role("mum", "teacher", "secondary", beginDate="2026-01-20")
    bring(sqlite_record, {**files, "roles": [*files["roles"], ahead]})
    report = bring(sqlite_record, files if mode == "bulk" else {"roles": [gone(ahead)]}, mode=mode)
    assert report.changed_count == 1
    follow_due(datetime(2026, 1, 21, tzinfo=UTC))
    assert open_roles(sqlite_record)["mum"] == {"parent"}


def test_whoever_left_gets_no_role_later(sqlite_record: Record) -> None:
    files = newer_school()
    files["roles"].append(role("ben", "teacher", "secondary", beginDate="2026-01-20"))
    bring(sqlite_record, files)
    only(files, "users", "ben").update(status="tobedeleted", dateLastModified="2026-01-05T08:00:00.000Z")
    bring(sqlite_record, files)
    follow_due(datetime(2026, 1, 21, tzinfo=UTC))
    assert "ben" not in open_roles(sqlite_record)
    assert rows(sqlite_record, select(RoleClaim).join(User).where(User.external_id == "ben")) == []


def test_role_holds_while_any_row_says_so(sqlite_record: Record) -> None:
    files = with_role("turing", "teacher", endDate="2026-01-15")
    other = role("turing", "teacher", "secondary", beginDate="2026-01-16", endDate="2026-01-31")
    files["roles"].append({**other, "sourcedId": "turing-next", "orgSourcedId": "district"})
    bring(sqlite_record, files)
    for day, holds in ((15, True), (16, True), (31, True)):
        follow_due(datetime(2026, 1, day, 1, tzinfo=UTC))
        assert ("turing" in open_roles(sqlite_record)) == holds
    assert noted(sqlite_record, id_of(sqlite_record, "turing")) == ["role.given"]
    follow_due(datetime(2026, 2, 1, tzinfo=UTC))
    assert "turing" not in open_roles(sqlite_record)


def test_delta_that_ends_one_row_of_a_role_leaves_what_another_gives(sqlite_record: Record) -> None:
    files = newer_school()
    files["roles"].append({**role("turing", "teacher", "secondary"), "sourcedId": "turing-district"})
    bring(sqlite_record, files)
    bring(sqlite_record, {"roles": [gone(role("turing", "teacher"))]}, mode="delta")
    assert open_roles(sqlite_record)["turing"] == {"teacher"}


def test_what_a_person_decides_stands_until_the_next_day_that_a_roster_names(sqlite_record: Record) -> None:
    bring(sqlite_record, with_role("turing", "teacher", beginDate="2026-01-12", endDate="2026-01-20"))
    follow_due(datetime(2026, 1, 12, tzinfo=UTC))
    turing = id_of(sqlite_record, "turing")
    with sqlite_record.writing() as tx:
        end_role(tx, turing, "teacher")
    follow_due(datetime(2026, 1, 13, tzinfo=UTC))
    assert "turing" not in open_roles(sqlite_record)
    with sqlite_record.writing() as tx:
        give_role(tx, turing, "teacher")
    follow_due(datetime(2026, 1, 14, tzinfo=UTC))
    assert open_roles(sqlite_record)["turing"] == {"teacher"}
    follow_due(datetime(2026, 1, 21, tzinfo=UTC))
    assert "turing" not in open_roles(sqlite_record)


def test_guardian_whose_role_begins_later_is_linked_already_and_sees_the_child_from_that_day_on(record: Record) -> None:
    bring(record, with_role("mum", "guardian", beginDate="2026-01-20"))
    assert guardians(record) == {("mum", "ada"): ("guardian", True)}
    mum, ada = id_of(record, "mum"), id_of(record, "ada")
    assert viewer_of(mum).learner_ids == frozenset()
    follow_due(datetime(2026, 1, 20, tzinfo=UTC))
    assert viewer_of(mum).learner_ids == {ada}


def test_day_alone_takes_no_role_from_the_last_administrator_who_can_sign_in(record: Record) -> None:
    bring(record, newer_school())
    head = id_of(record, "head")
    with record.writing() as tx:
        set_password(tx, head, "correct horse battery staple")
        tx.execute(update(User).where(User.id == head).values(username="head", changed_in=tx.number))
    bring(record, with_role("head", "principal", endDate="2026-01-15"))
    follow_due(datetime(2026, 1, 16, tzinfo=UTC))
    assert open_roles(record)["head"] == {"administrator"}
    with record.writing() as tx, pytest.raises(LastAdministrator):
        end_role(tx, head, "administrator")


def test_administrator_whose_role_lies_ahead_is_not_there_yet(sqlite_record: Record) -> None:
    files = newer_school()
    files["roles"].append(role("turing", "siteAdministrator", "secondary", beginDate="2026-01-20"))
    bring(sqlite_record, files)
    with sqlite_record.writing() as tx:
        for name in ("head", "turing"):
            set_password(tx, id_of(sqlite_record, name), "correct horse battery staple")
        with pytest.raises(LastAdministrator):
            end_role(tx, id_of(sqlite_record, "head"), "administrator")


def test_enrolment_of_a_learner_whose_role_begins_later_is_not_refused(sqlite_record: Record) -> None:
    files = with_role("ada", "student", beginDate="2026-01-20")
    files["enrollments"].append(enrollment("7c", "ada", "student", beginDate=f"{date(2026, 1, 20)}"))
    assert bring(sqlite_record, files).refused_count == 0
    follow_due(NOW + timedelta(days=10))
    assert enrolments(sqlite_record)["ada", "art"] == "active"
