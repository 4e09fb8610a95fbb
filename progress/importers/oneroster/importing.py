"""Importing a OneRoster package, from its ZIP to the record, in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from data.models import SchoolClass
from data.record import Record, Transaction
from progress.audit.imports import note_import
from progress.courses.class_enrolment import held_before
from progress.importers.oneroster.enrolling import store_enrolments
from progress.importers.oneroster.guardians import leave_out_unknown_agents, store_guardians
from progress.importers.oneroster.memberships import report_lines, store_memberships
from progress.importers.oneroster.package import Package, read_package
from progress.importers.oneroster.people import store_people
from progress.importers.oneroster.places import store_schools, store_sessions
from progress.importers.oneroster.placing import classes_in_scope, placed, refuse_without_role
from progress.importers.oneroster.roles import (
    check_roles,
    claims_of_roles,
    claims_of_users,
    report_further_roles,
    store_roles,
)
from progress.importers.oneroster.standard import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    LAYOUTS,
    ORGS,
    PROFILES,
    ROLES,
    SESSIONS,
    USERS,
)
from progress.importers.oneroster.storing import known_ids
from progress.importers.oneroster.table import Table
from progress.importers.oneroster.teaching import store_classes, store_courses
from progress.importers.shared.report import CannotImport, ImportReport

Progress = Callable[[int, int, str], object]


class RosterNotStored(CannotImport):
    """The database refused rows that had passed every check."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"The roster could not be stored: {cause}. Nothing was changed.")


class _RolledBack(Exception):
    """Raised inside a write transaction to roll it back."""


def import_oneroster(
    record: Record,
    source: Path | bytes | BinaryIO,
    *,
    preview: bool = False,
    skip_refused: bool = False,
    strict: bool = False,
    now: datetime | None = None,
    by: int | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a OneRoster package (a ZIP). Rows that are already stored stay as they are.

    If any row is refused, nothing changes, unless `skip_refused` applies the good ones. `preview` does all the work and
    rolls it back, so its report says what applying would do. References to things that are neither in the package nor
    in the record are left out and counted; `strict` refuses their rows. `progress` is called with (rows done, rows in
    all, what is being done). Raises the CannotImport that says why the package cannot be read.
    """
    show = progress or (lambda done, total, label: None)
    show(0, 1, "Reading the package")
    package = read_package(source)
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    roster = _Roster(package, moment, show, is_strict=strict)
    driver_error = record.engine.dialect.loaded_dbapi.Error
    try:
        with record.writing(by=by) as tx:
            roster.store(tx)
            report = roster.report(may_apply=not preview, skip_refused=skip_refused)
            if not report.is_applied or not report.changed_count:
                raise _RolledBack
            note_import(tx, "OneRoster package", report.tallies)
    except _RolledBack:
        pass
    except (SQLAlchemyError, driver_error) as error:
        raise RosterNotStored(getattr(error, "orig", None) or error) from error
    return report


class _Roster:
    """A package being imported. `tables` has one table for each file, empty if the file is absent."""

    def __init__(self, package: Package, now: datetime, show: Progress, *, is_strict: bool) -> None:
        layouts = {**LAYOUTS["1.2"], **LAYOUTS[package.version]}
        self.package = package
        self.now = now
        self.moment = now.replace(tzinfo=UTC)
        self.tables = {
            name: Table(name, layout, package.files.get(name), is_strict=is_strict) for name, layout in layouts.items()
        }
        listed_ids = pl.concat([table.raw["sourcedId"] for table in self.tables.values()]).drop_nulls().unique()
        for table in self.tables.values():
            table.listed_ids = listed_ids
        self._report = ImportReport(notes=list(package.notes))
        self._gone: list[pl.DataFrame] = []
        self._show = show

    def store(self, tx: Transaction) -> None:
        steps = {
            "Schools": self._store_places,
            "Classes": self._store_teaching,
            "People": self._store_people,
            "Enrolments": self._store_enrolments,
        }
        self._held_before = held_before(tx, self.moment)
        named = pl.concat([self.tables[ENROLLMENTS].rows["classSourcedId"], self.tables[CLASSES].rows["sourcedId"]])
        self._known_classes = known_ids(tx, SchoolClass, named)["id"]
        for done, (label, step) in enumerate(steps.items()):
            self._show(done, len(steps), label)
            step(tx)
        self._show(len(steps), len(steps), "Done")

    def report(self, *, may_apply: bool, skip_refused: bool) -> ImportReport:
        report = self._report
        present = [table.lines for name, table in self.tables.items() if name in self.package.files]
        report.notes += [_left_out(table) for table in self.tables.values() if table.left_out_count]
        report.add_lines(pl.concat([*present, *self._gone]) if present else report.lines)
        report.is_applied = may_apply and (skip_refused or not report.refused_count)
        if may_apply and not report.is_applied:
            count = report.refused_count
            rows = "the refused row" if count == 1 else f"these {count:,} rows"
            report.notes.append(f"Nothing was changed. Put {rows} right and try again, or leave what is refused out.")
        return report

    def _store_places(self, tx: Transaction) -> None:
        schools = store_schools(tx, self.tables[ORGS], self.now)
        sessions = store_sessions(tx, self.tables[SESSIONS], self.now)
        self._report.tally_all({"schools": schools, "academic sessions": sessions})

    def _store_teaching(self, tx: Transaction) -> None:
        self._report.tally_all({"courses": store_courses(tx, self.tables[COURSES], self.now)})
        self._report.tally_all(store_classes(tx, self.tables[CLASSES], self.now))

    def _store_people(self, tx: Transaction) -> None:
        users, roles = self.tables[USERS], self.tables[ROLES]
        leave_out_unknown_agents(tx, users)
        check_roles(tx, roles, users, self.tables[PROFILES])
        ids, people = store_people(tx, users, roles, self.now)
        is_old = self.package.version == "1.1"
        claims = claims_of_users(users, ids) if is_old else claims_of_roles(tx, roles, self.moment)
        left = users.rows.filter(pl.col("is_ended")).join(ids, on="line")
        leavers = left.select(user_id="id", modified_at="dateLastModified")
        given = store_roles(tx, users if is_old else roles, claims, leavers, self.moment)
        guardians = store_guardians(tx, users, ids, claims.select("user_id", "named"), self.now)
        report_further_roles(tx, users, ids, claims)
        self._report.tally_all({"people": people, "roles": given, "guardians": guardians})

    def _store_enrolments(self, tx: Transaction) -> None:
        table = self.tables[ENROLLMENTS]
        rows = refuse_without_role(tx, table, placed(tx, table, self.moment))
        over = rows["is_history"].sum()
        if over:
            self._report.notes.append(f"{table.name}: {over:,} rows are over, their endDate has passed.")
        in_scope = classes_in_scope(tx, table, self.tables[CLASSES])
        learners, teachers = (
            store_memberships(tx, table, rows, role, in_scope, self._known_classes, self.moment)
            for role in ("student", "teacher")
        )
        enrolments = store_enrolments(tx, learners, self._held_before, self.moment)
        self._gone += [report_lines(tx, table, each.results) for each in (learners, teachers)]
        tallies = {"class learners": learners.tally, "class teachers": teachers.tally, "enrolments": enrolments}
        self._report.tally_all(tallies)


def _left_out(table: Table) -> str:
    count = table.left_out_count
    if count == 1:
        return f"{table.name}: 1 link leads to something that is not in the export. It was left out."
    return f"{table.name}: {count:,} links lead to something that is not in the export. They were left out."
