"""Events, changes of content and of the rule, in any order and duplication: the naive answer, and `rebuild` agrees."""

import random
from datetime import datetime

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.models import ProgressEvent
from data.record import Record
from progress.recording.rebuild import differences, rebuild
from progress.recording.record import record_many
from tests.examples import up_to
from tests.progress.story import Story

minutes = st.integers(0, 40)
stretches = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))
happenings = st.fixed_dictionaries(
    {
        "what": st.just("event"),
        "module": st.integers(0, 6),
        "kind": st.sampled_from(["played", "viewed", "completed", "completed", "submitted", "scored", "reset"]),
        "minute": minutes,
        "by_staff": st.booleans(),
        "score": st.none() | st.sampled_from([0.0, 39.0, 40.0, 59.5, 60.0, 100.0]),
        "position": st.none() | st.integers(0, 30),
        "watched": st.lists(stretches, max_size=3),
    }
)
again = st.fixed_dictionaries({"what": st.just("again"), "which": st.integers(0, 30)})
contents = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["publish", "hide", "retire", "require", "optional", "add"]),
        "module": st.integers(0, 6),
        "after": st.integers(1, 9),
    }
)
needs = st.sampled_from(["submitted", "passed"])
rules = st.fixed_dictionaries(
    {
        "what": st.just("rule"),
        "after": st.integers(1, 9),
        "percent": st.none() | st.sampled_from([1, 50, 55, 100]),
        "keys": st.lists(st.tuples(st.integers(0, 6), needs), max_size=3),
        "minimum": st.none() | st.sampled_from([0.0, 40.0, 60.0]),
        "reevaluate": st.booleans(),
    }
)
stories = st.lists(st.one_of(happenings, happenings, happenings, again, contents, rules), max_size=30)


def _replay_for_twin(story: Story, seed: int) -> None:
    """The learner's events for another learner: shuffled, some twice, in chunks, through the set-based door."""
    chance = random.Random(seed)
    with story.record.reading() as connection:
        rows = connection.execute(select(ProgressEvent.__table__).where(ProgressEvent.user_id == story.learner)).all()
    left_out = ("id", "changed_in")
    events = [
        {name: _naive_time(value) for name, value in row._mapping.items() if name not in left_out} for row in rows
    ]
    events = [{**event, "user_id": story.twin, "source": "twin"} for event in events]
    events += chance.sample(events, len(events) // 2)
    chance.shuffle(events)
    while events:
        size = chance.randint(1, len(events))
        with story.record.writing() as tx:
            record_many(tx, pl.DataFrame(events[:size], infer_schema_length=None))
        events = events[size:]


def _naive_time(value: object) -> object:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _holds(record: Record, steps: list[dict], seed: int) -> None:
    story = Story(record)
    for step in steps:
        story.tell(step)
    assert story.stored(story.learner) == story.expected()
    _replay_for_twin(story, seed)
    assert story.stored(story.twin) == story.stored(story.learner)
    of_story = pl.col("learner_id").is_in([story.learner, story.twin])
    assert differences(record).filter(of_story).rows() == []


@settings(max_examples=up_to(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=stories, seed=st.integers(0, 999))
def test_any_story_ends_with_the_naive_answer_on_sqlite(sqlite_record: Record, steps: list[dict], seed: int) -> None:
    _holds(sqlite_record, steps, seed)


@settings(max_examples=up_to(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=stories, seed=st.integers(0, 999))
def test_any_story_ends_with_the_naive_answer_on_postgresql(
    postgresql_record: Record, steps: list[dict], seed: int
) -> None:
    _holds(postgresql_record, steps, seed)


def test_a_rebuild_of_a_right_record_changes_nothing(record: Record) -> None:
    story = Story(record)
    seen = {"kind": "viewed", "minute": 3, "by_staff": False, "score": None, "position": None, "watched": []}
    story.tell({"what": "event", "module": 0, **seen})
    assert rebuild(record) == 0
