"""Devices of one learner with clocks of their own: what they send, when it arrives, and what they keep."""

from datetime import datetime, timedelta
from typing import Any

from data.record import Record
from data.viewer import Viewer
from progress.courses.enrolment import enrol
from progress.people.accounts import add_user
from progress.recording.events import NewEvent
from progress.recording.record import record as record_events
from tests.device import Device, asking, fresh
from tests.progress.naive import Happened
from tests.progress.story import START, Story

DEVICES = ("laptop", "lms", "phone")
CLOCK_TOLERANCE_MINUTES = 5


class Told:
    """One learner of a story, some of whose events have arrived; the school's LMS speaks for the learner as well.

    `events` are plain: device, module, kind, minute (by a right clock), position, watched. `clocks` says by how many
    minutes each device's clock is wrong. `arrivals` is when each event arrived first.
    """

    def __init__(self, story: Story, learner: int, events: list[dict], clocks: dict[str, int]) -> None:
        self.story, self.learner, self.events, self.clocks = story, learner, events, clocks
        own = Viewer(learner, "Learner", frozenset({"student"}), frozenset({learner}))
        self.viewers = {"phone": own, "laptop": own, "lms": story.viewers[True]}
        self.devices = {name: Device(asking(self.viewers[name], learner, limit=9)) for name in DEVICES}
        self.arrivals: dict[int, int] = {}

    def of(self, device: str) -> list[int]:
        return [number for number, event in enumerate(self.events) if event["device"] == device]

    def send(self, device: str, numbers: list[int], minute: int) -> None:
        received = START + timedelta(minutes=minute)
        sent = [self._event(number) for number in numbers]
        verdicts = record_events(self.viewers[device], sent, received_at=received)
        for number, verdict in zip(numbers, verdicts, strict=True):
            assert verdict.outcome == ("duplicate" if number in self.arrivals else "created"), verdict
            self.arrivals.setdefault(number, minute)

    def reported(self, number: int) -> int:
        return self.events[number]["minute"] + self.clocks[self.events[number]["device"]]

    def is_ahead(self, number: int) -> bool:
        return self.reported(number) > self.arrivals[number] + CLOCK_TOLERANCE_MINUTES

    def happened(self) -> list[Happened]:
        """The events as they count, for the oracle; it orders what happened in one minute by the id."""
        return [
            Happened(
                self.learner,
                event.module_id,
                event.kind,
                self.arrivals[number] if self.is_ahead(number) else self.reported(number),
                "staff" if event.source == "lms" else "learner",
                f"{self.reported(number):09d} {event.source} {event.event_id}",
                None,
                event.position_seconds,
                event.watched_intervals,  # type: ignore[arg-type]
            )
            for number in sorted(self.arrivals)
            for event in [self._event(number)]
        ]

    def check_devices(self) -> None:
        """Each device holds what a new one would, and that is what is stored."""
        stored = self.story.stored(self.learner)
        for device in self.devices.values():
            assert device.held == fresh(device)
            for (kind, id_), row in device.held.items():
                rows = stored[("module", "unit", "course").index(kind)]
                if kind == "module" and id_ not in rows:
                    assert (row["status"], row["completion_percentage"]) == ("not_started", 0)
                else:
                    assert _kept(row, rows[id_]) == {name: rows[id_][name] for name in rows[id_] if name in row}

    def _event(self, number: int) -> NewEvent:
        told = self.events[number]
        is_lecture = told["module"] == 1
        return NewEvent(
            source=told["device"],
            event_id=f"{number:03d} of {self.learner}",
            learner_id=self.learner,
            module_id=self.story.modules[told["module"]],
            kind=told["kind"],
            occurred_at=START + timedelta(minutes=self.reported(number)),
            position_seconds=told["position"],
            watched_intervals=tuple(told["watched"]) if is_lecture and told["kind"] == "played" else (),
        )


def _kept(row: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    return {name: _in_minutes(name, row[name]) for name in stored if name in row}


def _in_minutes(name: str, value: Any) -> Any:
    is_time = name.endswith("_at") and value is not None
    return (datetime.fromisoformat(value) - START) // timedelta(minutes=1) if is_time else value


def story_with_a_third(record: Record) -> tuple[Story, int]:
    """A story, and one more learner who takes its course."""
    story = Story(record)
    with record.writing() as tx:
        third = add_user(tx, "Third", roles=["student"])
        enrol(tx, [third], story.course, START)
    return story, third
