"""The directory, the learners, and the events of doubtful time."""

from datetime import timedelta

import pytest

from data.record import current_record
from queries.data_quality import events_beyond_the_end, future_events
from queries.people import learners, people
from tests.queries.cast import Cast
from tests.queries.world import NOW
from tests.queries.world_rows import event_beyond_the_end_row, future_event_row


def test_event_that_was_reported_for_the_future_is_listed_with_both_times(cast: Cast) -> None:
    learner_id, module_id = cast.learners["Amal"], cast.maths_modules[0]
    assert future_events(cast.administrator).is_empty()
    with current_record().writing() as tx:
        future_event_row(tx, learner_id, module_id, reported_at=NOW + timedelta(days=400), at=NOW)
    columns = ("learner_name", "module_id", "event_kind", "reported_at", "received_at")
    naive_now = NOW.replace(tzinfo=None)
    assert future_events(cast.administrator).select(columns).rows() == [
        ("Amal", module_id, "completed", naive_now + timedelta(days=400), naive_now)
    ]


@pytest.mark.parametrize(
    ("position", "watched", "told"),
    [(61.5, None, [61.5]), (None, "[[0,20],[30,60000]]", [60_000]), (60, "[[0,60]]", []), (None, None, [])],
)
def test_event_beyond_the_end_of_its_lecture_is_listed_with_both_lengths(
    cast: Cast, position: float | None, watched: str | None, told: list[float]
) -> None:
    learner_id, module_id = cast.learners["Amal"], cast.maths_modules[0]
    with current_record().writing() as tx:
        event_beyond_the_end_row(tx, learner_id, module_id, NOW, position, watched)
    columns = ("learner_name", "module_id", "events_count", "told_seconds", "duration_seconds")
    assert events_beyond_the_end(cast.administrator).select(columns).rows() == [
        ("Amal", module_id, 1, seconds, 60) for seconds in told
    ]


def test_people_are_found_by_any_part_of_what_they_are_called_and_by_role(cast: Cast) -> None:
    assert people(cast.administrator, search=" CHI ")["full_name"].to_list() == ["Chidi"]
    assert people(cast.administrator, search="person-")["full_name"].len() == len(cast.world.names)
    assert people(cast.administrator, role="teacher")["full_name"].to_list() == ["Teo", "Uma"]
    assert people(cast.administrator, search="%").is_empty()


def test_people_come_with_their_roles_children_and_classes(cast: Cast) -> None:
    directory = people(cast.administrator).select("full_name", "roles", "children", "classes")
    by_name = {name: rest for name, *rest in directory.rows()}
    art, maths = f"Class {cast.art_class:04}", f"Class {cast.maths_class:04}"
    assert by_name["Parveen"] == [["parent"], ["Amal"], []]
    assert by_name["Bo"] == [["student"], [], sorted([art, maths])]
    assert by_name["Teo"] == [["teacher"], [], [maths]]
    assert by_name["Noor"] == [[], [], []]


def test_learners_are_in_the_order_of_their_names(cast: Cast) -> None:
    assert learners(cast.administrator)["learner_name"].to_list() == ["Amal", "Bo", "Chidi", "Dina", "Elif"]
