"""A small school to test on: who may record what for whom, on a course of two units."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import func, select

from data.models import ProgressEvent
from data.record import Record
from data.viewer import Viewer
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.structure import add_course, add_module, add_unit, enrol
from progress.people.access import viewer_of
from progress.people.accounts import add_user, link_guardian
from progress.recording.events import NewEvent

NUMBERS = count()
START = datetime(2025, 1, 6, 9, tzinfo=UTC)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


@dataclass(frozen=True)
class School:
    """Ids of the people, of the course's modules by kind, and of the parts they hang in."""

    ada: int
    ben: int
    teacher: int
    other_teacher: int
    parent: int
    administrator: int
    nobody: int
    course: int
    other_course: int
    units: tuple[int, int]
    modules: dict[str, int]

    def viewer(self, name: str) -> Viewer:
        return viewer_of(getattr(self, name))


def open_school(record: Record) -> School:
    """Ada and Ben learn in the class of `teacher`; `other_teacher` teaches Ben in another course's class."""
    with record.writing() as tx:
        people = {
            name: add_user(tx, name.replace("_", " ").title(), roles=roles)
            for name, roles in {
                "ada": ["student"],
                "ben": ["student"],
                "teacher": ["teacher"],
                "other_teacher": ["teacher"],
                "parent": ["parent"],
                "administrator": ["administrator"],
                "nobody": [],
            }.items()
        }
        link_guardian(tx, people["parent"], people["ada"])
        course, other_course = add_course(tx, "Science"), add_course(tx, "History")
        units = (add_unit(tx, course, "Cells"), add_unit(tx, course, "Forces"))
        modules = {
            "reading": add_module(tx, units[0], "What a cell is", "reading", published_at=START),
            "lecture": add_module(tx, units[0], "Inside a cell", "lecture", duration_seconds=100, published_at=START),
            "assignment": add_module(tx, units[1], "Draw a lever", "assignment", pass_mark=40, published_at=START),
            "quiz": add_module(tx, units[1], "Forces quiz", "quiz", pass_mark=60, published_at=START),
        }
        enrol(tx, [people["ada"], people["ben"]], course, START)
        enrol(tx, [people["ben"]], other_course, START)
        own, other = add_class(tx, "7A Science", course), add_class(tx, "7A History", other_course)
        join_class(tx, own, [people["ada"], people["ben"]])
        join_class(tx, other, [people["ben"]])
        teach_class(tx, own, people["teacher"])
        teach_class(tx, other, people["other_teacher"])
    return School(**people, course=course, other_course=other_course, units=units, modules=modules)


def event(school: School, module: str, kind: str, at: int = 1, learner: str = "ada", **values: object) -> NewEvent:
    moment = minute(at)
    return NewEvent(
        "test", f"e{next(NUMBERS)}", getattr(school, learner), school.modules[module], kind, moment, **values
    )


def count_of_events(record: Record) -> int:
    with record.reading() as connection:
        return connection.execute(select(func.count()).select_from(ProgressEvent)).scalar_one()
