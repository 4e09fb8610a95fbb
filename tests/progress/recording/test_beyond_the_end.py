"""What goes beyond a lecture's end is cut to it, and milliseconds for seconds are not a watched lecture."""

import pytest
from sqlalchemy import select

from data.models import ModuleProgress
from data.record import Record
from progress.completion.intervals import Interval, parse, union
from progress.recording.events import NewEvent
from progress.recording.in_columns import frame_of_accepted
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from progress.recording.record import record_many
from progress.recording.screening import Accepted, open_screening
from tests.progress.importers.stored import rows
from tests.progress.school import School, event, minute, open_school

LONG = 100  # seconds of the lecture


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def record_together(record: Record, school: School, events: list[NewEvent], *, in_bulk: bool) -> None:
    """In either of the two ways in which events are stored and folded."""
    viewer = school.viewer("administrator")
    if not in_bulk:
        assert {verdict.outcome for verdict in record_events(viewer, events, received_at=minute(900))} == {"created"}
        return
    with record.writing() as tx:
        screening = open_screening(tx, viewer, events, minute(900))
        accepted = [judged for each in events if isinstance(judged := screening.judge(each), Accepted)]
        record_many(tx, frame_of_accepted(viewer, accepted, minute(900)))


@pytest.mark.parametrize("in_bulk", [False, True])
@pytest.mark.parametrize(
    ("watched", "position", "kept", "resumes_at", "status"),
    [
        ([(50, 130.5)], 130.5, [(50, LONG)], LONG, "in_progress"),
        ([(0, 120)], 120, [(0, LONG)], LONG, "completed"),
        ([(100, 150)], 150, [], LONG, "in_progress"),
        ([(0, 100_000)], 100_000, [], LONG, "in_progress"),
        ([(0, 30), (30_000, 95_000)], 95_000, [(0, 30)], LONG, "in_progress"),
        ([(0, 99.5)], 99.5, [(0, 99.5)], 99.5, "completed"),
    ],
)
def test_positions_and_stretches_end_with_the_lecture(
    record: Record, school: School, watched: list[Interval], position: float, kept: list[Interval],
    resumes_at: float, status: str, in_bulk: bool,
) -> None:  # fmt: skip
    told = event(school, "lecture", "played", watched_intervals=tuple(watched), position_seconds=position)
    record_together(record, school, [told], in_bulk=in_bulk)
    ((stretches, at, stored_status),) = rows(
        record, select(ModuleProgress.watched_intervals, ModuleProgress.position_seconds, ModuleProgress.status)
    )
    assert (list(parse(stretches)), at, stored_status) == (kept, resumes_at, status)
    assert differences(record).is_empty()


def test_one_after_the_other_and_together_come_to_the_same(record: Record, school: School) -> None:
    told = [
        event(
            school, "lecture", "played", at, learner, watched_intervals=((at, at * 40.0),), position_seconds=at * 50.0
        )
        for learner in ("ada", "ben")
        for at in (1, 2, 3, 4, 5, 6)
    ]
    for each in told[:6]:
        record_together(record, school, [each], in_bulk=False)
    record_together(record, school, told[6:], in_bulk=True)
    one, other = rows(
        record,
        select(ModuleProgress.watched_intervals, ModuleProgress.position_seconds).order_by(ModuleProgress.user_id),
    )
    assert one == other == ("[[1.0,100.0]]", 100.0)
    assert differences(record).is_empty()


def test_a_lecture_of_unknown_length_has_no_end() -> None:
    assert union([(0, 1e9)]) == ((0, 1e9),)
