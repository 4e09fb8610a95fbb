"""`…/units/{id}/modules` and the activities of `/users/{id}/progress`: single modules of one learner."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from data.models import Module
from data.record import Record
from progress.courses.structure import add_module, add_unit
from progress.people.access import viewer_of
from queries.module_progress import module_progress
from tests.api.conftest import SignedIn
from tests.api.school import TERM_START, School
from tests.api.v1.test_events import check_problem, event

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def unit(served_record: Record, school: School) -> int:
    """A unit with a lecture, one that opens tomorrow, an activity, and something hidden."""
    with served_record.writing() as tx:
        unit = add_unit(tx, school.algebra, "Functions")
        for title, opens_at in (("Lines", TERM_START), ("Curves", TOMORROW)):
            lecture = add_module(tx, unit, title, "lecture", duration_seconds=600, published_at=opens_at)
            video = {"media_url": f"https://media.example/{title}.mp4", "changed_in": tx.number}
            tx.execute(update(Module).where(Module.id == lecture).values(video))
        add_module(tx, unit, "Science fair", "activity", published_at=TERM_START)
        add_module(tx, unit, "Draft", "reading", published_at=None)
    return unit


def path(school: School, unit: int, learner: str = "ada") -> str:
    return f"/api/v1/users/{school.people[learner]}/courses/{school.algebra}/units/{unit}/modules"


def test_modules_carry_all_that_is_known_of_them(signed_in: SignedIn, school: School, unit: int) -> None:
    ada = school.people["ada"]
    lecture = module_progress(viewer_of(ada), learner_id=ada, unit_id=unit)["module_id"][0]
    for number, watched in enumerate(([0, 60], [30, 90], [300, 330])):
        played = event(
            ada, lecture, f"p{number}", kind="played", watched_intervals=[watched], position_seconds=watched[1]
        )
        signed_in("ada").post("/api/v1/events", json=played)
    answer = signed_in("mother").get(path(school, unit)).json()
    assert (answer["user_id"], answer["course_id"], answer["unit"]["unit_title"]) == (ada, school.algebra, "Functions")
    shown = [(module["module_title"], module["availability"], module["status"]) for module in answer["modules"]]
    assert shown == [
        ("Lines", "open", "in_progress"),
        ("Curves", "upcoming", "not_started"),
        ("Science fair", "open", "not_started"),
    ]
    assert answer["modules"][0] == {
        "module_id": lecture,
        "module_external_id": None,
        "module_title": "Lines",
        "module_kind": "lecture",
        "module_position": answer["modules"][0]["module_position"],
        "is_required": True,
        "counts": True,
        "availability": "open",
        "opens_at": "2026-01-05T00:00:00Z",
        "status": "in_progress",
        "completion_percentage": 20.0,
        "shown_percentage": 20,
        "started_at": "2026-03-02T08:30:00Z",
        "completed_at": None,
        "last_activity_at": "2026-03-02T08:30:00Z",
        "score": None,
        "pass_mark": None,
        "is_passed": None,
        "attempts_count": 0,
        "position_seconds": answer["modules"][0]["position_seconds"],
        "duration_seconds": 600.0,
        "media_url": "https://media.example/Lines.mp4",
        "watched_share": 0.2,
        "watched_intervals": [[0.0, 90.0], [300.0, 330.0]],
    }
    assert answer["modules"][0]["position_seconds"] in (60, 90, 330)  # all at one moment


def test_video_of_a_lecture_that_is_not_open_yet_is_not_told(signed_in: SignedIn, school: School, unit: int) -> None:
    upcoming = signed_in("ada").get(path(school, unit)).json()["modules"][1]
    assert (upcoming["module_title"], upcoming["media_url"], upcoming["watched_intervals"]) == ("Curves", None, [])
    assert datetime.fromisoformat(upcoming["opens_at"]) == TOMORROW


def test_unit_of_another_course_is_answered_like_an_unknown_one(
    signed_in: SignedIn, school: School, served_record: Record
) -> None:
    with served_record.writing() as tx:
        elsewhere = add_unit(tx, school.biology, "Plants")
    other, unknown = (signed_in("ada").get(path(school, unit)) for unit in (elsewhere, 999_999))
    assert check_problem(other, 404) == check_problem(unknown, 404)


def test_unit_without_modules_has_none(signed_in: SignedIn, school: School, served_record: Record) -> None:
    with served_record.writing() as tx:
        empty = add_unit(tx, school.algebra, "To come")
    answer = signed_in("ada").get(path(school, empty)).json()
    assert (answer["modules"], answer["unit"]["shown_percentage"]) == ([], None)


def test_activities_are_told_with_their_course_and_when_they_were_completed(
    signed_in: SignedIn, school: School, unit: int
) -> None:
    ben, browser = school.people["ben"], signed_in("ben")
    fair = browser.get(path(school, unit, "ben")).json()["modules"][2]["module_id"]
    completed = event(ben, fair, "fair", kind="completed", occurred_at="2026-03-04T10:00:00Z")
    assert signed_in("turing").post("/api/v1/events", json=completed).json()["verdicts"][0]["outcome"] == "created"
    answer = browser.get(f"/api/v1/users/{ben}/progress").json()
    assert [course["status"] for course in answer["courses"]] == ["in_progress"]
    assert answer["activities"] == [
        {
            "module_id": fair,
            "module_external_id": None,
            "module_title": "Science fair",
            "course_id": school.algebra,
            "course_title": "Algebra",
            "availability": "open",
            "status": "completed",
            "completion_percentage": 100.0,
            "shown_percentage": 100,
            "completed_at": "2026-03-04T10:00:00Z",
        }
    ]
