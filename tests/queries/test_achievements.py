"""What is earned and when, and what takes it back: over events that were really recorded."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from data.record import Record
from data.viewer import Viewer
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit, retire_module
from progress.people.accounts import add_user
from progress.recording.events import NewEvent
from queries.achievements import Place, achievements
from tests.queries.cast import Cast
from tests.recording import record_event

START = datetime(2026, 1, 5, tzinfo=UTC)
NUMBERS = count()


class Study:
    """One learner in a course of one unit with a quiz and a reading."""

    def __init__(self, record: Record) -> None:
        with record.writing() as tx:
            self.administrator = Viewer(
                add_user(tx, "Ada", roles=["administrator"]), "Ada", frozenset({"administrator"}), frozenset()
            )
            self.learner = add_user(tx, "Ben", roles=["student"])
            self.course = add_course(tx, "Algebra")
            self.unit = add_unit(tx, self.course, "Numbers")
            self.quiz = add_module(tx, self.unit, "Quiz", "quiz", published_at=START)
            self.reading = add_module(tx, self.unit, "Reading", "reading", published_at=START)
            enrol(tx, [self.learner], self.course, START)

    def happened(self, module_id: int, kind: str, day: int, **facts: object) -> None:
        at = START + timedelta(days=day)
        event = NewEvent("test", str(next(NUMBERS)), self.learner, module_id, kind, at, **facts)  # type: ignore[arg-type]
        assert record_event(self.administrator, event).outcome == "created"

    def earned(self, **asked: object) -> list[tuple[str, int, int, float | None]]:
        """Type, subject, day and score of each."""
        rows = achievements(self.administrator, self.learner, **asked).to_dicts()  # type: ignore[arg-type]
        start = START.replace(tzinfo=None)
        return [
            (row["achievement_type"], row["subject_id"], (row["earned_at"] - start).days, row["score"]) for row in rows
        ]


@pytest.fixture
def study(sqlite_record: Record) -> Study:
    return Study(sqlite_record)


def test_modules_units_and_courses_are_earned_when_they_were_complete_and_newest_comes_first(study: Study) -> None:
    study.happened(study.quiz, "scored", 1, score=70.0)
    study.happened(study.reading, "viewed", 3)
    assert study.earned() == [
        ("course_complete", study.course, 3, None),
        ("module_complete", study.reading, 3, None),
        ("unit_complete", study.unit, 3, None),
        ("module_complete", study.quiz, 1, 70),
    ]


def test_first_score_of_ninety_is_a_high_score_whatever_follows(study: Study) -> None:
    for day, score in ((2, 89.9), (4, 95.0), (3, 90.0), (5, 100.0), (6, 20.0)):
        study.happened(study.quiz, "scored", day, score=score)
    assert study.earned(achievement_type="high_score") == [("high_score", study.quiz, 3, 90)]


def test_reset_takes_back_what_came_before_it_and_only_that(study: Study) -> None:
    study.happened(study.quiz, "scored", 1, score=95.0)
    study.happened(study.quiz, "reset", 2, reason="Somebody else sat the quiz")
    assert study.earned() == []
    study.happened(study.quiz, "scored", 3, score=97.0)
    assert study.earned() == [("high_score", study.quiz, 3, 97), ("module_complete", study.quiz, 3, 97)]


def test_later_content_takes_nothing_back(study: Study, sqlite_record: Record) -> None:
    study.happened(study.quiz, "scored", 1, score=95.0)
    study.happened(study.reading, "viewed", 2)
    before = study.earned()
    with sqlite_record.writing() as tx:
        add_module(tx, study.unit, "One more", "reading", published_at=START + timedelta(days=9))
        retire_module(tx, study.quiz, START + timedelta(days=8))
    assert len(before) == 5
    assert study.earned() == before


def test_pages_hold_each_once_even_of_the_same_moment(study: Study) -> None:
    study.happened(study.quiz, "scored", 3, score=95.0)
    study.happened(study.reading, "viewed", 3)
    everything, seen, after = study.earned(), [], None
    for _ in everything:
        [row] = achievements(study.administrator, study.learner, after=after, limit=1).to_dicts()
        after = Place(row["earned_at"], row["achievement_type"], row["subject_id"])
        seen.append((row["achievement_type"], row["subject_id"]))
    assert seen == [(kind, subject) for kind, subject, _, _ in everything]
    assert achievements(study.administrator, study.learner, after=after, limit=1).is_empty()


@pytest.mark.parametrize("role", ["student", "teacher", "parent", "administrator", "nobody"])
def test_achievements_are_shown_to_those_who_may_see_the_learner(cast: Cast, role: str) -> None:
    seen = {name for name, learner in cast.learners.items() if achievements(getattr(cast, role), learner).height}
    assert (
        seen
        == {
            "student": {"Amal"},
            "teacher": {"Amal", "Bo", "Chidi"},
            "parent": {"Amal"},
            "administrator": set(cast.learners),
            "nobody": set(),
        }[role]
    )
