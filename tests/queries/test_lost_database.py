"""A question whose database is lost beneath it is answered all the same, whichever way it is asked."""

from collections.abc import Callable, Iterator

import pytest

from data.mirror import AnswerBrokenOff, Mirror, QuestionFails, current_mirror
from data.mirror import current as module
from queries.asking.ask import as_of, ask, ask_anything, ask_open, described_views, forget_answers
from queries.asking.one_state import asking_one_state
from queries.exports.whole_views import EXPORTS, exported
from queries.sync.changes import changes
from tests.broken_mirrors import DEADLY, lose_the_database, reading_spoilt_text
from tests.queries.cast import EVERYONE, Cast

VISIBLE = "select learner_id from learner where {visible} order by learner_id"


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """Nothing is answered from memory, which would not notice that the database is gone."""
    forget_answers()
    yield
    module._refused.clear()


WAYS: dict[str, Callable[[Cast], object]] = {
    "ask": lambda cast: ask(EVERYONE, VISIBLE).rows(),
    "ask_open": lambda cast: ask_open("select course_id from course order by course_id").rows(),
    "ask_anything": lambda cast: ask_anything("select count(*) from learner").rows(),
    "described_views": lambda cast: described_views().rows(),
    "asking_one_state": lambda cast: _of_one_state(),
    "changes": lambda cast: changes(EVERYONE, _someone(), since=None, limit=50).rows.select("subject_id").rows(),
    "changes since": lambda cast: _next_page(),
    **{f"export {what}": lambda cast, what=what: _exported(what) for what in EXPORTS},  # type: ignore[misc]
}


def _someone() -> int:
    return int(ask(EVERYONE, VISIBLE)[0, 0])


def _next_page() -> list[object]:
    first = changes(EVERYONE, _someone(), since=None, limit=50)
    lose_the_database(current_mirror())
    return list(changes(EVERYONE, _someone(), since=first.cursor, limit=50).rows.select("subject_id").rows())


def _of_one_state() -> list[dict[str, object]]:
    with asking_one_state(EVERYONE) as asked:
        return list(asked(VISIBLE).read_all().to_pylist())


def _exported(what: str) -> list[object]:
    return [row for frame in exported(EVERYONE, what, {}) for row in frame.rows()]


@pytest.mark.parametrize("way", WAYS)
def test_a_lost_database_changes_no_answer(cast: Cast, way: str) -> None:
    before = WAYS[way](cast)
    forget_answers()
    lose_the_database(current_mirror())
    assert WAYS[way](cast) == before


def test_the_moment_of_the_answers_is_never_that_of_an_empty_mirror(cast: Cast) -> None:
    ask(EVERYONE, VISIBLE)
    before = as_of()
    lose_the_database(current_mirror())
    current_mirror().give_up(RuntimeError("as noticed by someone else"))
    assert as_of() >= before


def test_a_long_answer_whose_database_is_lost_in_the_middle_ends_in_a_clear_error(cast: Cast) -> None:
    with asking_one_state(EVERYONE) as asked:
        assert asked(VISIBLE).read_all().num_rows > 0
        lose_the_database(current_mirror())
        with pytest.raises(AnswerBrokenOff, match="not complete"):
            asked(VISIBLE)
    assert _of_one_state()


def test_a_question_that_kills_each_time_is_refused_in_plain_words_and_the_others_are_answered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(EVERYONE, VISIBLE)
    monkeypatch.setattr(Mirror, "reading", reading_spoilt_text)
    for _ in range(2):
        with pytest.raises(QuestionFails, match="Everything else works"):
            ask(EVERYONE, DEADLY)
        forget_answers()
        assert ask(EVERYONE, VISIBLE).equals(before)
    with asking_one_state(EVERYONE) as asked, pytest.raises(QuestionFails):
        asked(DEADLY)
