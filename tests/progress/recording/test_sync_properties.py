"""Devices that are offline, late, wrong about the time and heard twice: all end with the same rows, and know them.

A clock that runs ahead is not believed: its events count from their arrival. So rows depend on when such an event first
arrived, as they must; on nothing else: not on the order, the batches, the devices or the repetitions.
"""

import random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.record import Record
from progress.recording import record as recording
from progress.recording.rebuild import differences
from tests.examples import up_to
from tests.progress.devices import DEVICES, Told, story_with_a_third

FIRST_ARRIVAL = 1000  # in minutes after the start, as all numbers here; what happened, happened in the first 40
BEHIND, RIGHT, BARELY_AHEAD, AHEAD = -4320, 0, FIRST_ARRIVAL - 20, 4320

devices = st.sampled_from(DEVICES)
stretches = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: (min(pair), max(pair)))
events = st.fixed_dictionaries(
    {
        "device": devices,
        "module": st.integers(0, 4),
        "kind": st.sampled_from(["played", "played", "viewed", "completed"]),
        "minute": st.integers(0, 40),
        "position": st.none() | st.integers(0, 30).map(float),
        "watched": st.lists(stretches, max_size=3),
    }
)
clocks = st.fixed_dictionaries({name: st.sampled_from([BEHIND, RIGHT, BARELY_AHEAD, AHEAD]) for name in DEVICES})
sendings = st.fixed_dictionaries(
    {
        "what": st.just("send"),
        "device": devices,
        "which": st.lists(st.integers(0, 12), min_size=1, max_size=6, unique=True),
        "answer_is_lost": st.booleans(),
    }
)
pulls = st.fixed_dictionaries({"what": st.just("pull"), "device": devices})
contents = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["retire", "publish", "require", "optional", "add", "add", "hide"]),
        "module": st.integers(0, 4),
        "after": st.integers(1, 9),
    }
)
schedules = st.lists(st.one_of(sendings, sendings, sendings, pulls, contents), max_size=14)
WITHOUT_TIMES = ("status", "completion_percentage", "watched_share", "attempts_count", "completed_modules_count")
WITHOUT_TIMES += ("total_modules", "completed_units_count", "total_units")


def _deliver(told: Told, schedule: list[dict]) -> None:
    """Follow the schedule, then let every device send what it does not know to have arrived, and pull."""
    acknowledged: set[int] = set()
    for number, step in enumerate(schedule):
        if step["what"] == "send":
            own = told.of(step["device"])
            numbers = list(dict.fromkeys(own[which % len(own)] for which in step["which"])) if own else []
            told.send(step["device"], numbers, FIRST_ARRIVAL + 10 * number)
            acknowledged |= set() if step["answer_is_lost"] else set(numbers)
        elif step["what"] == "pull":
            told.devices[step["device"]].pull()
        elif step["what"] != "hide":
            told.story.tell(step)
        elif len(told.story.modules) > 5:
            told.story.tell({**step, "module": 5})  # nobody did anything in it: it would be refused while hidden
    for number, name in enumerate(DEVICES, start=len(schedule)):
        left = [event for event in told.of(name) if event not in acknowledged]
        told.send(name, left[::-1], FIRST_ARRIVAL + 10 * number)
    for device in told.devices.values():
        device.pull()


def _deliver_at_the_same_times(told: Told, arrivals: dict[int, int], chance: random.Random) -> None:
    """The same events with the same times of arrival in another order, one by one or together, some twice."""
    numbers = list(arrivals)
    chance.shuffle(numbers)
    while numbers:
        device, minute = told.events[numbers[0]]["device"], arrivals[numbers[0]]
        same = [n for n in numbers if (told.events[n]["device"], arrivals[n]) == (device, minute)]
        batch = same[: chance.randint(1, len(same))]
        told.send(device, batch, minute)
        told.send(device, batch[:1], minute)
        numbers = [n for n in numbers if n not in batch]


def _deliver_later(told: Told, chance: random.Random) -> None:
    """All events some days later, each device's in another order and in other parts."""
    numbers = list(range(len(told.events)))
    chance.shuffle(numbers)
    for arrival, number in enumerate(numbers):
        told.send(told.events[number]["device"], [number], 2 * FIRST_ARRIVAL + arrival)


def _facts(rows: tuple[dict, dict, dict]) -> list[dict]:
    return [{i: {n: v for n, v in row.items() if n in WITHOUT_TIMES} for i, row in part.items()} for part in rows]


def _holds(record: Record, events: list[dict], clocks: dict[str, int], schedule: list[dict], seed: int) -> None:
    chance = random.Random(seed)
    story, third_learner = story_with_a_third(record)
    first, twin, third = (Told(story, one, events, clocks) for one in (story.learner, story.twin, third_learner))
    _deliver(first, schedule)
    first.check_devices()
    story.happened = first.happened()
    stored = story.stored(story.learner)
    assert stored == story.expected()
    with pytest.MonkeyPatch.context() as patch:
        # the other door, which otherwise takes longer lists alone
        patch.setattr(recording, "COLUMNS_FROM", dict.fromkeys(recording.COLUMNS_FROM, 1))
        _deliver_at_the_same_times(twin, first.arrivals, chance)
    assert story.stored(story.twin) == stored
    _deliver_later(third, chance)
    assert _facts(story.stored(third_learner)) == _facts(stored)
    if not any(told.is_ahead(number) for told in (first, third) for number in range(len(events))):
        assert story.stored(third_learner) == stored
    ours = pl.col("learner_id").is_in([story.learner, story.twin, third_learner])
    assert differences(record).filter(ours).rows() == []


def _examples(most: int) -> settings:
    return settings(max_examples=up_to(most), deadline=None, suppress_health_check=list(HealthCheck))


@_examples(15)
@given(st.lists(events, max_size=14), clocks, schedules, st.integers(0, 999))
def test_any_schedule_of_devices_ends_with_the_same_rows_on_sqlite(
    sqlite_record: Record, events: list[dict], clocks: dict[str, int], schedule: list[dict], seed: int
) -> None:
    _holds(sqlite_record, events, clocks, schedule, seed)


@_examples(5)
@given(st.lists(events, max_size=14), clocks, schedules, st.integers(0, 999))
def test_any_schedule_of_devices_ends_with_the_same_rows_on_postgresql(
    postgresql_record: Record, events: list[dict], clocks: dict[str, int], schedule: list[dict], seed: int
) -> None:
    _holds(postgresql_record, events, clocks, schedule, seed)


def test_a_device_ahead_resumes_where_it_was_last(sqlite_record: Record) -> None:
    story, _ = story_with_a_third(sqlite_record)
    played = [
        {"device": "phone", "module": 1, "kind": "played", "minute": minute, "position": position, "watched": []}
        for minute, position in ((30, 12.0), (10, 3.0), (20, 8.0))  # the ids are in this order
    ]
    told = Told(story, story.learner, played, dict.fromkeys(DEVICES, AHEAD))
    told.send("phone", [2, 0, 1], FIRST_ARRIVAL)
    told.devices["laptop"].pull()
    assert told.devices["laptop"].held["module", story.modules[1]]["position_seconds"] == 12.0
