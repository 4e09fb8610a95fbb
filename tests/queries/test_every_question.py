"""Every question that can be asked, about everyone and everything of the sample and of a district beside it.

None may fail, and none may be lost with its database: DuckDB 2.0.0 ended at one of them for nine learners of fifteen.
"""

import inspect
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.oulad_import import real_data
from data.mirror import close_mirrors
from data.record import Record
from data.viewer import Viewer
from progress.importers.oneroster.importing import import_oneroster
from progress.sample.school import load_sample
from queries.asking.ask import ask_anything
from queries.asking.catalogue import views
from queries.exports.whole_views import EXPORTS, exported
from tests.queries.cast import EVERYONE
from tests.queries.test_ask import public_functions, subjects

IN_THE_YEAR = datetime(2026, 1, 10, tzinfo=UTC)
DISTRICT = real_data() / "oneroster" / "district_v1p1.zip"
# With the district there are some 20,000 askings, which take minutes. By default an even sample of them is asked, so
# that each question comes up for dozens of learners. WAYMARK_EVERY_QUESTION=1 asks them all (`make test-thorough`).
MOST_ASKED = 1_000

# No questions by themselves: what others are asked through, what is tried below, and a repair.
ELSEWHERE = {
    "queries.data_quality.repaired_mirror",
    "queries.exports.whole_views.exported",
    "queries.asking.learner_rows.learner_rows",
    "queries.asking.one_state.asking_one_state",
}


@pytest.fixture(scope="module")
def school(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The sample with the district beside it."""
    if not DISTRICT.is_file():
        pytest.skip(f"The district is not at {DISTRICT}; WAYMARK_REAL_DATA says where real data is")
    var = tmp_path_factory.mktemp("everything")
    shutil.copyfile(migrated_sqlite_file, var / "waymark.db")
    record = Record(f"sqlite:///{var / 'waymark.db'}")
    load_sample(record)
    import_oneroster(record, DISTRICT, now=IN_THE_YEAR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", record.url)
        patch.setenv("WAYMARK_VAR", str(var))
        yield record
        close_mirrors()
    record.close()


def ids(sql: str) -> list[tuple[int, ...]]:
    return ask_anything(sql).rows()


def subjects_of_questions() -> dict[str, list[Any]]:
    """What each parameter of a question can be: everyone and everything that there is."""
    learners = [row[0] for row in ids("select learner_id from learner order by 1")]
    courses = [row[0] for row in ids("select course_id from course order by 1")]
    classes = [row[0] for row in ids("select class_id from school_class order by 1")]
    return {
        "learner_id": learners,
        "user_id": [row[0] for row in ids("select user_id from person order by 1")],
        "course_id": courses,
        "class_id": classes,
        "course_ids": [courses[at : at + 6] for at in range(0, len(courses), 6)],
        "class_ids": [classes[at : at + 6] for at in range(0, len(classes), 6)],
        "module_id": [row[0] for row in ids("select min(module_id) from module group by course_id order by 1")],
        "unit_id": [row[0] for row in ids("select min(unit_id) from unit group by course_id order by 1")],
        "since": [None],
        "limit": [50],
    }


def askings(question: Callable[..., object], choices: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """The arguments to ask it with: what it must be told, of everyone; and what it may be, one by one."""
    parameters = list(inspect.signature(question).parameters.values())[1:]
    needed = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    optional = [each.name for each in parameters if each.name not in needed and each.name in choices]
    longest = max((len(choices[name]) for name in needed), default=1)
    for at in range(longest):
        yield {name: choices[name][at % len(choices[name])] for name in needed}
    if not needed:
        yield from ({name: value} for name in optional for value in choices[name])
    if {"learner_id", "course_id"} <= set(optional):
        pairs = ids("select learner_id, min(course_id) from enrolment group by learner_id order by 1")
        yield from ({"learner_id": learner, "course_id": course} for learner, course in pairs)


def takes_a_viewer(function: Callable[..., object]) -> bool:
    return Viewer in [each.annotation for each in inspect.signature(function).parameters.values()][:1]


QUESTIONS = {
    name: function
    for module in subjects()
    for function in public_functions(module)
    if (name := f"{module.__name__}.{function.__name__}") not in ELSEWHERE and takes_a_viewer(function)
}


def test_every_view_is_answered_whole(school: Record) -> None:
    for name in views():
        assert ask_anything(f"select * from {name}").columns, name


def test_every_question_is_answered_about_everyone_and_everything(school: Record) -> None:
    choices = subjects_of_questions()
    every = [(question, given) for question in QUESTIONS.values() for given in askings(question, choices)]
    asked = every if "WAYMARK_EVERY_QUESTION" in os.environ else every[:: 1 + len(every) // MOST_ASKED]
    asked += [(question, next(askings(question, choices))) for question in QUESTIONS.values()]

    def answer(each: tuple[Callable[..., object], dict[str, Any]]) -> None:
        question, given = each
        question(EVERYONE, **given)

    with ThreadPoolExecutor(2) as threads:
        assert sum(1 for _ in threads.map(answer, asked)) == len(asked)


def test_every_export_is_written_whole(school: Record) -> None:
    for what in EXPORTS:
        assert sum(frame.height for frame in exported(EVERYONE, what, {})) > 0
