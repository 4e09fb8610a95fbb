"""A mirror whose database fails is replaced by itself, and whoever asked is answered."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import duckdb
import pytest

from data.mirror import Mirror, MirrorBroken, QuestionFails, current_mirror, with_mirror
from data.mirror import current as module
from data.record import Record
from data.settings import settings
from tests.broken_mirrors import break_it, lose_the_database
from tests.data.comparison import assert_equal
from tests.data.school import LEARNERS, add_school, record_one
from tests.data.test_mirror_current import files_no_longer_than


@pytest.fixture(autouse=True)
def school(sqlite_record: Record) -> Iterator[Record]:
    add_school(sqlite_record)
    yield sqlite_record
    module._refused.clear()


def learners_count(mirror: Mirror) -> int:
    with mirror.reading() as cursor:
        (count,) = cursor.execute("select count(*) from record.users").fetchone() or (0,)
    return int(count)


def files() -> list[str]:
    return sorted(path.name for path in (settings().var / "mirror").glob("*.duckdb"))


def test_a_question_is_answered_by_the_next_mirror_and_the_log_says_why(
    school: Record, caplog: pytest.LogCaptureFixture
) -> None:
    with_mirror(learners_count)
    lose_the_database(current_mirror())
    with caplog.at_level(logging.WARNING):
        assert with_mirror(learners_count) == len(LEARNERS)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("data.mirror")]
    assert "failed" in said[0]
    assert "threw an execution error" in said[0]
    assert "opened anew" in said[1]
    assert_equal(current_mirror(), school)


def test_the_file_is_opened_again_and_not_built_again_for_a_question_s_sake() -> None:
    with_mirror(learners_count)
    lose_the_database(current_mirror())
    assert with_mirror(lambda mirror: (learners_count(mirror), mirror.version)) == (len(LEARNERS), 0)  # 1 if rebuilt
    assert files() == ["mirror.duckdb"]


def test_a_question_that_breaks_the_database_each_time_is_refused_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(QuestionFails, match="nothing that was recorded is lost"):
        with_mirror(break_it, "a deadly question")
    assert with_mirror(learners_count, "another one") == len(LEARNERS)
    caplog.clear()
    with pytest.raises(QuestionFails):
        with_mirror(break_it, "a deadly question")
    assert caplog.records == []  # it was not even asked
    assert with_mirror(learners_count, "another one") == len(LEARNERS)


def test_a_refused_question_is_asked_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QuestionFails):
        with_mirror(break_it, "a deadly question")
    monkeypatch.setattr(module, "SECONDS_NOT_ASKED", 0.0)
    assert with_mirror(learners_count, "a deadly question") == len(LEARNERS)


def test_everyone_who_asks_while_databases_fail_is_answered() -> None:
    stop = Event()

    def ask_on(_: int) -> set[int]:
        answers = {with_mirror(learners_count)}
        while not stop.is_set():
            answers.add(with_mirror(learners_count))
        return answers

    with ThreadPoolExecutor(6) as threads:
        asking = [threads.submit(ask_on, number) for number in range(6)]
        try:
            for number in range(10):
                with pytest.raises(QuestionFails):
                    with_mirror(break_it, f"deadly {number}")
        finally:
            stop.set()
        assert {answer for done in asking for answer in done.result()} == {len(LEARNERS)}


def test_all_who_wait_get_the_one_mirror_that_takes_the_place() -> None:
    with_mirror(learners_count)
    lose_the_database(current_mirror())
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: with_mirror(lambda mirror: mirror), range(8)))) == 1


def test_who_is_still_reading_reads_to_the_end_and_the_next_mirror_has_another_file() -> None:
    with_mirror(learners_count)
    broken = current_mirror()
    with broken.reading() as cursor:
        rest = cursor.sql("select * from range(100_000)").to_arrow_reader(1_000)
        rest.read_next_batch()
        lose_the_database(broken)
        assert with_mirror(learners_count) == len(LEARNERS)
        assert files() == ["mirror-2.duckdb", "mirror.duckdb"]
        assert sum(batch.num_rows for batch in rest) == 99_000
    lose_the_database(current_mirror())
    assert with_mirror(learners_count) == len(LEARNERS)
    assert files() == ["mirror-2.duckdb", "mirror.duckdb"]  # the first one is free again


def test_a_refresh_that_cannot_write_goes_on_in_memory(school: Record) -> None:
    with_mirror(learners_count)
    record_one(school, 1, user_id=1, module_id=1)
    with files_no_longer_than(4096):
        assert with_mirror(learners_count) == len(LEARNERS)
    assert_equal(current_mirror(), school)


def test_a_mistake_in_a_question_breaks_nothing() -> None:
    mirror = with_mirror(lambda refreshed: refreshed)
    with pytest.raises(duckdb.CatalogException):
        with_mirror(lambda refreshed: refreshed.cursor().execute("select * from nothing"))
    assert current_mirror() is mirror


def test_where_no_mirror_holds_the_words_say_what_to_do(school: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count(1)

    def lost_again() -> Mirror:
        mirror = current_mirror()
        record_one(school, next(numbers), user_id=1, module_id=1)
        lose_the_database(mirror)
        return mirror

    monkeypatch.setattr(module, "current_mirror", lost_again)
    with pytest.raises(MirrorBroken, match="Try again in a minute"):
        with_mirror(learners_count)
