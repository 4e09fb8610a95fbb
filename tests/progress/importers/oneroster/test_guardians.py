"""Guardians: named by the child's row or naming the child, and no longer once the child's row names others."""

from data.record import Record
from progress.people.access import viewer_of
from progress.people.accounts import add_user, link_guardian
from tests.progress.importers.oneroster.packages import imported, only, small_school, user
from tests.progress.importers.oneroster.roster_rows import guardians, id_of


def test_guardian_whom_the_childs_row_no_longer_names_sees_the_child_no_more(record: Record) -> None:
    files = small_school()
    only(files, "users", "ben")["agentSourcedIds"] = "mum"
    imported(record, files)
    mum = id_of(record, "mum")
    assert viewer_of(mum).learner_ids == {id_of(record, "ada"), id_of(record, "ben")}
    only(files, "users", "ada")["agentSourcedIds"] = ""
    imported(record, files)
    assert guardians(record) == {("mum", "ada"): ("guardian", False), ("mum", "ben"): ("guardian", True)}
    assert viewer_of(mum).learner_ids == {id_of(record, "ben")}


def test_guardians_row_names_the_children_too(sqlite_record: Record) -> None:
    files = small_school()
    files["users"].append(user("gran", "relative", agentSourcedIds="ada, cy"))
    imported(sqlite_record, files)
    assert guardians(sqlite_record) == {
        ("mum", "ada"): ("guardian", True),
        ("gran", "ada"): ("relative", True),
        ("gran", "cy"): ("relative", True),
    }
    assert imported(sqlite_record, files).changed_count == 0


def test_agent_who_is_no_guardian_is_not_linked_and_told(sqlite_record: Record) -> None:
    files = small_school()
    only(files, "users", "cy")["agentSourcedIds"] = "turing"
    report = imported(sqlite_record, files)
    assert set(guardians(sqlite_record)) == {("mum", "ada")}
    [line] = report.lines.filter(file="users.csv", subject="cy").rows(named=True)
    assert "agent “turing” is no guardian here and was not linked" in line["reason"]


def test_link_that_a_person_made_to_a_guardian_outside_the_roster_stands(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    with sqlite_record.writing() as tx:
        link_guardian(tx, add_user(tx, "Uncle", roles=["parent"]), id_of(sqlite_record, "ben"))
    imported(sqlite_record, small_school())
    assert {stands for _, stands in guardians(sqlite_record).values()} == {True}
