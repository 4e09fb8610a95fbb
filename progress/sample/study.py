"""What a learner of the sample school does in one module: events of watching, reading, submitting and being tested."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from progress.completion.intervals import Interval
from progress.sample.courses import SampleModule
from progress.sample.personas import Persona
from progress.sample.term import Term

_QUIZ_PASS_MARK = 50
_MOST_ATTEMPTS = 3
_LOOKS_BACK = 0.35


@dataclass(frozen=True)
class Happening:
    """An event of one learner in one module, before it has ids. `marked_by` is the person who gave the score."""

    kind: str
    occurred_at: datetime
    authority: str = "learner"
    score: float | None = None
    position_seconds: float | None = None
    watched: tuple[Interval, ...] = ()
    marked_by: int | None = None


@dataclass(frozen=True)
class Learner:
    """A learner in one course: their persona, their random generator, and the person who marks their work."""

    persona: Persona
    random: Random
    term: Term
    marker_id: int

    @property
    def finishes(self) -> bool:
        return self.random.random() < self.persona.finishes

    @property
    def score(self) -> float:
        """A whole percentage."""
        mean, spread = self.persona.ability
        return float(min(100, max(5, round(self.random.gauss(mean, spread)))))


def study(learner: Learner, module: SampleModule, opened_at: datetime) -> list[Happening]:
    """What the learner does in the module from when they open it; marks and a second look can come days later."""
    happenings = list(_STUDY[module.kind](learner, module, opened_at))
    if learner.random.random() < _LOOKS_BACK:
        days_later = learner.random.randint(2, 16)
        happenings.append(Happening("played", opened_at + timedelta(days=days_later, minutes=12)))
    return happenings


def watch_parts(parts: tuple[Interval, ...], opened_at: datetime) -> list[Happening]:
    """Watching some parts of a lecture, one sitting after another, and skipping what lies between."""
    return [
        Happening("played", opened_at + number * timedelta(minutes=2), position_seconds=end, watched=((start, end),))
        for number, (start, end) in enumerate(parts)
    ]


def _watch(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    """Watched in one sitting or two. Learners who do not finish stop midway and sometimes skip to the last minute."""
    random, duration = learner.random, module.duration_seconds or 0.0
    if learner.finishes:
        pause = random.uniform(0.3, 0.7) * duration if random.random() < 0.4 else 0.0
        yield from _sitting(random, (0.0, pause), opened_at)
        resumed_at = opened_at + timedelta(seconds=pause, minutes=random.randint(20, 90) if pause else 0)
        yield from _sitting(random, (max(0.0, pause - 10), random.uniform(0.94, 1.0) * duration), resumed_at)
    else:
        stop = random.uniform(0.15, 0.75) * duration
        yield from _sitting(random, (0.0, stop), opened_at)
        if random.random() < 0.4:
            yield from _sitting(random, (duration - 45, duration), opened_at + timedelta(seconds=stop + 20))


def _sitting(random: Random, stretch: Interval, began_at: datetime) -> Iterator[Happening]:
    """The player reports when it is paused, every few minutes, and at the end."""
    start, end = stretch
    while start < end:
        stop = min(end, start + random.uniform(150, 420))
        began_at += timedelta(seconds=round(stop - start) + 3)
        position = round(stop, 1)
        yield Happening("played", began_at, position_seconds=position, watched=((round(start, 1), position),))
        start = stop


def _read(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    """Opened, read to the end; some come back to it a few days later."""
    yield Happening("played", opened_at)
    if learner.finishes:
        yield Happening("viewed", opened_at + timedelta(minutes=learner.random.randint(4, 14)))
        if learner.random.random() < 0.35:
            yield Happening("viewed", opened_at + timedelta(days=learner.random.randint(1, 6), minutes=37))


def _hand_in(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    """Worked on a few times, handed in a day or so later, marked by the teacher on a school day after that."""
    for times in range(learner.random.randint(1, 4)):
        yield Happening("played", opened_at + times * timedelta(minutes=learner.random.randint(15, 28)))
    if learner.finishes:
        handed_in_at = opened_at + timedelta(minutes=learner.random.randint(120, 1800))
        yield Happening("submitted", handed_in_at)
        yield _mark(learner, handed_in_at, learner.random.randint(2, 5))


def _take_quiz(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    """Marked automatically at once. Learners who fail try again, a little better prepared, up to three times."""
    moment, bonus = opened_at, 0
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        yield Happening("played", moment)
        moment += timedelta(minutes=learner.random.randint(6, 18))
        score = min(100.0, learner.score + bonus)
        yield Happening("submitted", moment, authority="system", score=score)
        if score >= _QUIZ_PASS_MARK or not (attempt == 1 or learner.finishes):
            return
        moment, bonus = moment + timedelta(minutes=learner.random.randint(8, 40)), bonus + 6


def _sit_exam(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    yield Happening("played", opened_at)
    handed_in_at = opened_at + timedelta(minutes=learner.random.randint(38, 50))
    yield Happening("submitted", handed_in_at)
    yield _mark(learner, handed_in_at, learner.random.randint(1, 4))


def _do(learner: Learner, module: SampleModule, opened_at: datetime) -> Iterator[Happening]:
    yield Happening("played", opened_at)
    if learner.finishes:
        yield Happening("completed", opened_at + timedelta(minutes=learner.random.randint(12, 45)))


def _mark(learner: Learner, handed_in_at: datetime, days_later: int) -> Happening:
    day = learner.term.next_school_day(handed_in_at, days_later)
    marked_at = learner.term.at(day, time(15, learner.random.randrange(60)))
    return Happening("scored", marked_at, authority="staff", score=learner.score, marked_by=learner.marker_id)


_STUDY: dict[str, Callable[[Learner, SampleModule, datetime], Iterator[Happening]]] = {
    "lecture": _watch,
    "reading": _read,
    "assignment": _hand_in,
    "quiz": _take_quiz,
    "exam": _sit_exam,
    "activity": _do,
}
