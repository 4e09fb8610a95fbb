"""When a course is complete under changing rules: in Python and in columns the same, and what the naive way says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from progress.completion.course_parts import ModuleFacts, Span
from progress.completion.course_rule import CompletionRule, KeyAssignment, RuleVersion
from progress.completion.course_shape import CourseShape
from progress.completion.module_state import Evidence, ModuleRule
from progress.completion.standing import course_standing
from progress.completion.standings import ENROLLED_SCHEMA, PROGRESS_SCHEMA, standings
from progress.completion.terms_met import KEY_EVIDENCE_SCHEMA
from tests.examples import up_to
from tests.progress import naive
from tests.progress.naive import Happened, History, Lesson, RuleFrom

START = datetime(2025, 1, 6, tzinfo=UTC)
ADA, COURSE, UNIT = 7, 1, 1
LESSONS = (
    Lesson(1, UNIT, "manual", kind="lecture", published=0),
    Lesson(2, UNIT, "manual", kind="lecture", published=0),
    Lesson(3, UNIT, "submitted", 40.0, kind="assignment", published=0),
    Lesson(4, UNIT, "passed", 60.0, kind="quiz", published=0),
    Lesson(5, UNIT, "viewed", kind="reading", published=0, required=False),
)
modules = st.integers(1, len(LESSONS))
minutes = st.integers(0, 20)
changes = st.tuples(st.integers(1, 6), modules, st.sampled_from(["hide", "show", "retire", "require", "optional"]))
rules = st.tuples(
    st.integers(1, 6),
    st.builds(
        RuleFrom,
        minute=st.just(0),
        percent_of_lectures=st.sampled_from([None, 1, 50, 51, 100]),
        keys=st.dictionaries(modules, st.sampled_from(["submitted", "passed"]), max_size=2).map(
            lambda keys: tuple(keys.items())
        ),
        minimum=st.sampled_from([None, None, 0.0, 50.0]),
        reevaluated=st.booleans(),
    ),
)
watched = st.tuples(st.integers(1, 2), st.just("completed"), minutes, st.just("learner"), st.none())
handed_in = st.tuples(
    st.integers(3, 5),
    st.sampled_from(["submitted", "scored", "completed", "viewed"]),
    minutes,
    st.sampled_from(["learner", "staff"]),
    st.sampled_from([None, 0.0, 45.0, 100.0]),
)
voided = st.tuples(modules, st.just("reset"), minutes, st.just("staff"), st.none())
evidence = st.lists(st.one_of(watched, watched, handed_in, handed_in, handed_in, voided), min_size=3, max_size=12)


@settings(max_examples=up_to(300), deadline=None)
@given(steps=st.lists(st.one_of(changes, rules), max_size=5), told=evidence)
def test_one_and_many_complete_when_the_naive_way_says(steps: list[tuple], told: list[tuple]) -> None:
    history, versions = _past(steps)
    events = [Happened(ADA, m, kind, at, word, str(n), score) for n, (m, kind, at, word, score) in enumerate(told)]
    rows = {m: naive.module_row(history.lesson(m), [e for e in events if e.module == m]) for m in history_modules()}
    completed = {m: row["completed_at"] for m, row in rows.items() if row and row["completed_at"] is not None}
    expected = naive.course_row(history, {UNIT}, completed, versions, events)["completed_at"]
    shape = _shape(history, versions)
    assert _minute(course_standing(shape, _times(completed), _evidence(events)).completed_at) == expected
    assert _minute(_by_columns(shape, completed, events)) == expected


def history_modules() -> list[int]:
    return [lesson.module for lesson in LESSONS]


def _past(steps: list[tuple]) -> tuple[History, list[RuleFrom]]:
    history, versions, minute = History([(0, lesson) for lesson in LESSONS]), [], 0
    for step in steps:
        minute += step[0]
        if isinstance(step[1], RuleFrom):
            versions.append(replace(step[1], minute=minute))
        else:
            history.change(minute, _changed(history.lesson(step[1]), step[2], minute))
    return history, versions


def _changed(lesson: Lesson, what: str, minute: int) -> Lesson:
    return {
        "hide": replace(lesson, published=None),
        "show": replace(lesson, published=minute, retired=None),
        "retire": replace(lesson, retired=minute),
        "require": replace(lesson, required=True),
        "optional": replace(lesson, required=False),
    }[what]


def _shape(history: History, versions: list[RuleFrom]) -> CourseShape:
    lessons = {module: history.lesson(module) for module in history_modules()}
    spans = [span for module in lessons for span in _spans(history, module)]
    stored = [_version(number, told) for number, told in enumerate(versions, start=1)]
    return CourseShape(
        COURSE, (UNIT,), {m: _facts(lesson) for m, lesson in lessons.items()}, tuple(spans), tuple(stored)
    )


def _spans(history: History, module: int) -> list[Span]:
    spans: list[Span] = []
    for minute in sorted({minute for minute, _ in history.changes}):
        counts = any(lesson.module == module for lesson in history.counting_at(minute))
        is_open = bool(spans) and spans[-1].ends_at is None
        if counts and not is_open:
            spans.append(Span(module, _time(minute), None))
        elif is_open and not counts:
            spans[-1] = replace(spans[-1], ends_at=_time(minute))
    return spans


def _facts(lesson: Lesson) -> ModuleFacts:
    rule = ModuleRule(lesson.rule, lesson.pass_mark)
    times = [None if minute is None else _time(minute) for minute in (lesson.published, lesson.retired)]
    return ModuleFacts(lesson.module, UNIT, f"Module {lesson.module}", lesson.kind, rule, lesson.required, *times)


def _version(number: int, told: RuleFrom) -> RuleVersion:
    share = None if told.percent_of_lectures is None else told.percent_of_lectures / 100
    keys = tuple(KeyAssignment(*key) for key in told.keys)
    rule = None if told.is_all_units() else CompletionRule(share, keys, told.minimum)
    return RuleVersion(number, rule, None if told.reevaluated else _time(told.minute), _time(told.minute))


def _evidence(events: list[Happened]) -> dict[int, list[Evidence]]:
    return {
        module: [
            Evidence(e.kind, _time(e.minute), authority=e.authority, score=e.score)
            for e in events
            if e.module == module
        ]
        for module in history_modules()
    }


def _by_columns(shape: CourseShape, completed: dict[int, int], events: list[Happened]) -> datetime | None:
    """As one of three learners: one more with the same history, and one with none."""
    enrolled = pl.DataFrame([(user, COURSE) for user in (ADA, ADA + 1, ADA + 2)], ENROLLED_SCHEMA, orient="row")
    both = (ADA, ADA + 1)
    progress = [(user, module, *[_naive_time(minute)] * 3) for user in both for module, minute in completed.items()]
    rows = [(u, e.module, e.kind, _naive_time(e.minute), e.authority, e.score) for u in both for e in events]
    rolled = standings(
        [shape],
        enrolled,
        pl.DataFrame(progress, PROGRESS_SCHEMA, orient="row"),
        pl.DataFrame(rows, KEY_EVIDENCE_SCHEMA, orient="row"),
    ).courses.sort("user_id")
    first, second, third = rolled["completed_at"]
    assert (first, third) == (second, None)
    return first


def _times(completed: dict[int, int]) -> dict[int, datetime]:
    return {module: _time(minute) for module, minute in completed.items()}


def _time(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def _naive_time(minute: float) -> datetime:
    return _time(minute).replace(tzinfo=None)


def _minute(moment: datetime | None) -> int | None:
    return None if moment is None else (moment.replace(tzinfo=UTC) - START) // timedelta(minutes=1)
