"""What is for administrators refuses everyone else, before anything is read or written. New verbs are found here."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from data.models import RecordInfo
from data.record import Record
from data.viewer import NotAllowed
from progress.courses import administering as courses
from progress.importers import uploads
from progress.people import administering as people
from progress.recording.rebuild import check_stored_rows, repair_stored_rows
from progress.upkeep.backing_up import last_backup_at
from progress.xapi.record.provisioning import change_provisioning, provisioning_of
from tests.progress.school import open_school

Verb = Callable[..., Any]

ARGUMENTS: dict[str, Any] = {
    "content": b"",
    "course_id": 1,
    "days": 400,
    "ended": ["teacher"],
    "full_name": "Grace Hopper",
    "given": ["administrator"],
    "guardian_id": 2,
    "learner_id": 3,
    "name": "sheet.csv",
    "password": "correct horse battery",
    "preview": False,
    "progress": lambda done, total, label: None,
    "provisions": True,
    "relationship": "mother",
    "roles": ["administrator"],
    "school_ids": [1],
    "skip_refused": False,
    "time_zone": "Asia/Tokyo",
    "user_id": 1,
    "username": "grace",
    "email": "grace@school.example",
}


def verbs_of(module: ModuleType) -> list[Verb]:
    own = inspect.getmembers(module, inspect.isfunction)
    return [verb for name, verb in own if verb.__module__ == module.__name__ and not name.startswith("_")]


VERBS = [
    *(verb for module in (people, courses, uploads) for verb in verbs_of(module)),
    *(check_stored_rows, repair_stored_rows, last_backup_at, change_provisioning, provisioning_of),
]


def change_number(record: Record) -> int:
    with record.reading() as connection:
        return connection.execute(select(RecordInfo.change_number)).scalar_one()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_only_administrators_may(verb: Verb, sqlite_record: Record) -> None:
    school = open_school(sqlite_record)
    parameters = [name for name in inspect.signature(verb).parameters if name != "viewer"]
    arguments = {name: ARGUMENTS[name] for name in parameters}
    before = change_number(sqlite_record)
    for who in ("ada", "teacher", "parent", "nobody"):
        with pytest.raises(NotAllowed):
            verb(school.viewer(who), **arguments)
    assert change_number(sqlite_record) == before


def test_the_verbs_are_found() -> None:
    assert {"add_person", "take_back", "import_uploaded_roster"} <= {verb.__name__ for verb in VERBS}
