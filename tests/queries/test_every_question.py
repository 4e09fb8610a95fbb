"""Every question that can be asked, about everyone and everything of the sample and of a district beside it.

None may fail, and none may be lost with its database: DuckDB 2.0.0 ended at one of them for nine learners of fifteen.
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.oulad_import import real_data
from data.mirror import close_mirrors
from data.record import Record
from progress.importers.oneroster.importing import import_oneroster
from progress.sample.school import load_sample
from queries.asking.ask import ask_anything
from queries.asking.catalogue import views
from queries.exports.whole_views import EXPORTS, exported
from tests.queries.cast import EVERYONE
from tests.queries.questions import QUESTIONS, Question, askings, everyone_and_everything

IN_THE_YEAR = datetime(2026, 1, 10, tzinfo=UTC)
DISTRICT = real_data() / "oneroster" / "district_v1p1.zip"
# With the district there are some 20,000 askings, which take minutes. By default an even sample of them is asked, so
# that each question comes up for dozens of learners. WAYMARK_EVERY_QUESTION=1 asks them all (`make test-thorough`).
MOST_ASKED = 1_000

# What is tried below, and a repair.
ELSEWHERE = {"queries.data_quality.repaired_mirror", "queries.exports.whole_views.exported"}


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


ASKED = {name: question for name, question in QUESTIONS.items() if name not in ELSEWHERE}


def test_every_view_is_answered_whole(school: Record) -> None:
    for name in views():
        assert ask_anything(f"select * from {name}").columns, name


def test_every_question_is_answered_about_everyone_and_everything(school: Record) -> None:
    choices = everyone_and_everything()
    every = [(question, given) for question in ASKED.values() for given in askings(question, choices)]
    asked = every if "WAYMARK_EVERY_QUESTION" in os.environ else every[:: 1 + len(every) // MOST_ASKED]
    asked += [(question, next(askings(question, choices))) for question in ASKED.values()]

    def answer(each: tuple[Question, dict[str, Any]]) -> None:
        question, given = each
        question(EVERYONE, **given)

    with ThreadPoolExecutor(2) as threads:
        assert sum(1 for _ in threads.map(answer, asked)) == len(asked)


def test_every_export_is_written_whole(school: Record) -> None:
    for what in EXPORTS:
        assert sum(frame.height for frame in exported(EVERYONE, what, {})) > 0
