"""The real week of video statements, imported whole: every figure against one computed straight from the file."""

import gzip
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from benchmarks.xapi_import import real_statements
from data.mirror import close_mirrors
from data.models import Course, Enrolment, Module, ModuleProgress, ProgressEvent, User, XapiStatement
from data.record import Record, open_record
from data.viewer import Viewer
from progress.completion.intervals import share, union
from progress.recording.rebuild import differences
from progress.xapi.file.importing import import_xapi
from progress.xapi.statement.segments import played_segments
from queries.asking.ask import ask
from tests.progress.importers.stored import everything, rows

VIDEO = "https://w3id.org/xapi/video/extensions"
Pair = tuple[str, str]


@pytest.fixture(scope="module")
def statements() -> list[dict[str, Any]]:
    if not real_statements().is_file():
        pytest.skip(f"The statements are not at {real_statements()}; WAYMARK_REAL_DATA says where real data is")
    with gzip.open(real_statements(), "rt") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def imported(
    migrated_sqlite_file: Path, statements: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Record]:
    folder = tmp_path_factory.mktemp("videos")
    shutil.copyfile(migrated_sqlite_file, folder / "waymark.db")
    url = f"sqlite:///{folder / 'waymark.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("WAYMARK_VAR", str(folder))
        record = open_record(url)
        report = import_xapi(record, real_statements(), provisions=True)
        assert (report.refused_count, report.tallies["statements"].created) == (0, len(statements))
        yield record
        close_mirrors()
        record.close()


def extension(statement: dict[str, Any], name: str) -> Any:
    places = (statement.get(part, {}).get("extensions", {}) for part in ("result", "context"))
    return next((place[f"{VIDEO}/{name}"] for place in places if f"{VIDEO}/{name}" in place), None)


def pair_of(statement: dict[str, Any]) -> Pair:
    account = statement["actor"]["account"]
    return f"{account['homePage']}|{account['name']}", statement["object"]["id"]


def lengths(statements: list[dict[str, Any]]) -> dict[str, float]:
    """How long most statements say that each video is; players differ by up to 0.8 seconds."""
    told: dict[str, list[float]] = defaultdict(list)
    for statement in statements:
        if (length := extension(statement, "length")) is not None:
            told[statement["object"]["id"]].append(length)
    return {video: max(set(listed), key=lambda length: listed.count(length)) for video, listed in told.items()}


def shares(statements: list[dict[str, Any]]) -> dict[Pair, float]:
    """What each learner watched of each video: its milliseconds as the bits of a number, set one segment at a time."""
    segments: dict[Pair, set[str]] = defaultdict(set)
    for statement in statements:
        told = (extension(statement, "played-segments") or "").split("[,]")
        segments[pair_of(statement)].update(
            segment for segment in told if not segment.endswith("[.]") and "[.]" in segment
        )
    length = lengths(statements)
    return {pair: milliseconds(own) / (1000 * length[pair[1]]) for pair, own in segments.items() if own}


def milliseconds(segments: set[str]) -> int:
    watched = 0
    for segment in segments:
        first, last = (int(Fraction(end) * 1000) for end in segment.split("[.]"))
        watched |= ((1 << (last - first)) - 1) << first
    return watched.bit_count()


def viewed(columns: str) -> list[tuple[Any, ...]]:
    """Of the view `module_progress`, as an administrator sees it."""
    everyone = Viewer(0, "Check", frozenset({"administrator"}), frozenset())
    question = f"select learner_external_id, module_external_id, {columns} from module_progress where {{visible}}"
    return ask(everyone, question).rows()


def test_everyone_and_everything_of_the_file_is_known(imported: Record, statements: list[dict[str, Any]]) -> None:
    actors = {pair_of(statement)[0] for statement in statements}
    assert {row[0] for row in rows(imported, select(User.external_id))} == actors
    assert dict(rows(imported, select(Module.external_id, Module.duration_seconds))) == lengths(statements)
    assert rows(imported, select(Course.external_id)) == [("course-v1:FUN-MOOC+00002+session01",)]
    assert len(rows(imported, select(Enrolment.user_id))) == len(actors) == 833


def test_watched_share_is_the_union_of_closed_segments_by_the_length_for_every_pair(
    imported: Record, statements: list[dict[str, Any]]
) -> None:
    expected = shares(statements)
    found = {
        (learner, video): share for learner, video, share in viewed("watched_share") if (learner, video) in expected
    }
    assert len(found) == len(expected) > 1_000
    # Stretches can end between two milliseconds, which the naive count cuts off.
    wrong = {
        pair: (found[pair], expected[pair]) for pair in expected if abs(found[pair] - min(1, expected[pair])) > 5e-4
    }
    assert wrong == {}


def test_stated_progress_is_the_union_of_each_statements_own_segments(statements: list[dict[str, Any]]) -> None:
    told = [each for each in statements if each["verb"]["id"].endswith(("paused", "seeked", "terminated"))]
    wrong = [
        each["id"]
        for each in told
        if abs(own_share(each) - extension(each, "progress")) > 0.0005 + 1e-9  # stated to three decimals
    ]
    assert (len(told), wrong) == (6_119, [])


def own_share(statement: dict[str, Any]) -> float:
    length = extension(statement, "length")
    return share(union(played_segments(extension(statement, "played-segments")).stretches, length), length)


def test_lectures_complete_by_the_players_word_or_by_enough_that_was_watched(
    imported: Record, statements: list[dict[str, Any]]
) -> None:
    told = {pair_of(each) for each in statements if each["verb"]["id"].endswith("/completed")}
    thresholds = dict(rows(imported, select(Module.external_id, Module.watched_threshold)))
    expected = told | {pair for pair, share in shares(statements).items() if share >= thresholds[pair[1]]}
    found = {(learner, video) for learner, video, status in viewed("status") if status == "completed"}
    assert found == expected
    assert told < found


def test_stored_rows_are_what_the_events_give(imported: Record, statements: list[dict[str, Any]]) -> None:
    assert differences(imported).is_empty()
    recorded = [each for each in statements if not each["verb"]["id"].endswith(("interacted", "downloaded"))]
    assert rows(imported, select(func.count()).select_from(ProgressEvent)) == [(len(recorded),)]


def test_again_changes_no_row_of_any_table(imported: Record) -> None:
    before = everything(imported)
    report = import_xapi(imported, real_statements(), provisions=True)
    assert (report.changed_count, report.tallies["statements"].unchanged) == (0, 13_309)
    assert everything(imported) == before


def test_postgresql_is_given_the_same_rows(
    imported: Record, postgresql_record: Record, statements: list[dict[str, Any]]
) -> None:
    import_xapi(postgresql_record, real_statements(), provisions=True)
    columns = (ModuleProgress.status, ModuleProgress.watched_share, ModuleProgress.completed_at)
    pairs = select(User.external_id, Module.external_id, *columns).select_from(ModuleProgress).join(User).join(Module)
    assert sorted(rows(postgresql_record, pairs)) == sorted(rows(imported, pairs))
    kept = select(XapiStatement.statement_id, XapiStatement.outcome, XapiStatement.statement)
    assert sorted(rows(postgresql_record, kept)) == sorted(rows(imported, kept))
