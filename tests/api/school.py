"""A small school with everyone whom access has to tell apart, among them people who must see nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import update

from data.models import User
from data.record import Record
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.accounts import add_user, deactivate, link_guardian
from tests.passwords import quick_hash

PASSWORD = "correct horse battery"
TERM_START = datetime(2026, 1, 5, tzinfo=UTC)

ROLES = {
    "ada": ["student"],  # in class 7a, takes algebra
    "ben": ["student"],  # in class 7a, takes algebra
    "zoe": ["student"],  # in no class, takes biology alone
    "newcomer": ["student"],  # enrolled in nothing
    "turing": ["teacher"],  # teaches 7a
    "idle": ["teacher"],  # teaches nobody
    "mother": ["parent"],  # of ada
    "childless": ["parent"],
    "head": ["administrator"],
    "tutor": ["student", "teacher"],  # takes biology, teaches nobody
    "nobody": [],
    "gone": ["student"],  # takes algebra; the account is closed
}


@dataclass(frozen=True)
class School:
    people: dict[str, int]
    algebra: int
    biology: int
    algebra_modules: tuple[int, ...]  # four in two units
    biology_module: int


def build_school(record: Record) -> School:
    with record.writing() as tx:
        people = {name: add_user(tx, name.title(), username=name, roles=roles) for name, roles in ROLES.items()}
        tx.execute(update(User).values(password_hash=quick_hash(PASSWORD)))
        algebra, biology = add_course(tx, "Algebra", external_id="ALG-1"), add_course(tx, "Biology")
        units = [add_unit(tx, algebra, title) for title in ("Numbers", "Equations")]
        modules = tuple(
            add_module(tx, unit, f"Reading {number}", "reading", published_at=TERM_START)
            for unit in units
            for number in (1, 2)
        )
        cells = add_unit(tx, biology, "Cells")
        microscope = add_module(tx, cells, "Microscope", "reading", published_at=TERM_START)
        enrol(tx, [people[name] for name in ("ada", "ben", "gone")], algebra, TERM_START)
        enrol(tx, [people[name] for name in ("zoe", "tutor")], biology, TERM_START)
        class_7a = add_class(tx, "7a", algebra)
        join_class(tx, class_7a, [people["ada"], people["ben"]])
        teach_class(tx, class_7a, people["turing"])
        link_guardian(tx, people["mother"], people["ada"])
        deactivate(tx, people["gone"])
    return School(people, algebra, biology, modules, microscope)
