"""The sample school's people: staff, learners, guardians and classes with their members, from `people.toml`."""

import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from data.models import User
from data.record import Transaction
from progress.completion.intervals import Interval
from progress.courses.classes import add_class, join_class, teach_class
from progress.people.accounts import add_user, link_guardian
from progress.sample.courses import SampleCourse
from progress.sample.journeys import Seat
from progress.sample.personas import PERSONAS
from progress.sample.term import Term

Table = dict[str, Any]
PEOPLE: Table = tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))
_USERNAMES: dict[str, str] = {name: username for username, name in PEOPLE["accounts"].items()}


def add_people(tx: Transaction, school_id: int, term: Term) -> dict[str, int]:
    """Add everyone and link children to their guardians; returns ids by name, which is unique in the sample school."""
    people: dict[str, int] = {}
    created_at = term.now - timedelta(weeks=16)
    for name, roles in _everyone():
        people[name] = add_user(
            tx,
            name,
            username=_USERNAMES.get(name),
            email=None if "student" in roles else _email(name),
            external_id=f"AG-{len(people) + 1:03}",
            school_id=school_id,
            roles=roles,
            created_at=created_at,
        )
    for guardian in PEOPLE["guardians"]:
        for child in guardian["children"]:
            link_guardian(tx, people[guardian["name"]], people[child], guardian["relationship"])
    return people


def add_classes(
    tx: Transaction, school_id: int, people: dict[str, int], courses: dict[str, SampleCourse], term: Term
) -> list[Seat]:
    """Add the classes with their teachers and learners; returns all seats, including the club's."""
    external_ids = {row.id: row.external_id for row in tx.execute(select(User.id, User.external_id))}

    def seats(table: Table, marker: str) -> list[Seat]:
        course = courses[table["course"]]
        return [
            Seat(people[name], external_ids[people[name]], course, PERSONAS[word], people[marker], _begun(name))
            for word, name in _places(table)
        ]

    listed = seats(PEOPLE["club"], marker=_name_of("admin"))
    for table in PEOPLE["classes"]:
        course_id = courses[table["course"]].course_id
        class_id = add_class(tx, table["name"], course_id, school_id=school_id, external_id=table["external_id"])
        for teacher in table["teachers"]:
            teach_class(tx, class_id, people[teacher], term.enrols_on)
        joining = seats(table, marker=table["teachers"][0])
        for day in sorted({seat.enrolled_on(term) for seat in joining}):
            join_class(tx, class_id, [seat.user_id for seat in joining if seat.enrolled_on(term) == day], day)
        listed += joining
    return listed


def _everyone() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each person once, with their roles."""
    staff = {person["name"]: tuple(person["roles"]) for person in PEOPLE["staff"]}
    learners = {name: ("student",) for table in [*PEOPLE["classes"], PEOPLE["club"]] for _, name in _places(table)}
    guardians = {guardian["name"]: ("parent",) for guardian in PEOPLE["guardians"]}
    yield from (guardians | learners | staff).items()


def _places(table: Table) -> Iterator[tuple[str, str]]:
    """The learners of a class or the club: (persona, name)."""
    return ((word, name) for word in PERSONAS for name in table.get(word, []))


def _begun(name: str) -> dict[str, tuple[Interval, ...]]:
    """What the learner watched of unfinished lectures, by the lecture's external id."""
    rows = [row for row in PEOPLE["begun"] if row["learner"] == name]
    return {row["lecture"]: tuple((float(a), float(b)) for a, b in row["watched"]) for row in rows}


def _name_of(username: str) -> str:
    name: str = PEOPLE["accounts"][username]
    return name


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}@aldergrove.example"
