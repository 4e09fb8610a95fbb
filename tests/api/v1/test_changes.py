"""`GET /api/v1/users/{id}/changes`: who may follow whom, what an answer holds, and two devices at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from data.models import CourseProgress, ModuleProgress, UnitProgress
from data.record import Record
from progress.completion import intervals
from progress.courses.structure import add_module, add_unit
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, TERM_START, School
from tests.api.v1.test_events import check_problem, event
from tests.device import Device, Page, fresh

SEES_ADA = {"ada", "turing", "mother", "head"}
SECONDS = 100


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_changes_are_told_to_those_who_may_see_the_learner_and_to_no_one_else(
    signed_in: SignedIn, school: School, username: str
) -> None:
    cursor = signed_in("ada").get(f"/api/v1/users/{school.people['ada']}/changes").json()["cursor"]
    for params in ({}, {"since": cursor}):
        answer = signed_in(username).get(f"/api/v1/users/{school.people['ada']}/changes", params=params)
        if username in SEES_ADA:
            assert answer.json()["is_complete"] == (not params)
        else:
            unknown = signed_in(username).get("/api/v1/users/999999/changes")
            assert check_problem(answer, 404) == check_problem(unknown, 404)


def test_strangers_get_401(stranger: httpx.Client, school: School) -> None:
    check_problem(stranger.get(f"/api/v1/users/{school.people['ada']}/changes"), 401)


def test_learner_without_a_course_gets_a_complete_answer_without_rows(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("newcomer").get(f"/api/v1/users/{school.people['newcomer']}/changes").json()
    assert (answer["is_complete"], answer["has_more"]) == (True, False)
    assert answer["courses"] == answer["units"] == answer["modules"] == answer["removed_modules"] == []


@pytest.mark.parametrize(
    "query", ["since=x", "since=", "since=%C3%A9", "limit=0", "limit=1001", "since=MX4xfmF-MH41QDV"]
)
def test_wrong_cursor_or_limit_is_refused(signed_in: SignedIn, school: School, query: str) -> None:
    check_problem(signed_in("ada").get(f"/api/v1/users/{school.people['ada']}/changes?{query}"), 422)


def test_cursor_of_another_learner_is_refused(signed_in: SignedIn, school: School) -> None:
    ada, ben = (f"/api/v1/users/{school.people[name]}/changes" for name in ("ada", "ben"))
    cursor = signed_in("turing").get(ada).json()["cursor"]
    check_problem(signed_in("turing").get(ben, params={"since": cursor}), 422)


def test_rows_carry_the_numbers_of_the_other_answers(signed_in: SignedIn, school: School) -> None:
    zoe = school.people["zoe"]
    signed_in("zoe").post("/api/v1/events", json=event(zoe, school.biology_module, "zoe-1"))
    answer = signed_in("zoe").get(f"/api/v1/users/{zoe}/changes").json()
    (course,) = signed_in("zoe").get(f"/api/v1/users/{zoe}/progress").json()["courses"]
    units = signed_in("zoe").get(f"/api/v1/users/{zoe}/courses/{school.biology}/units").json()["units"]
    assert [_shared(row, course) for row in answer["courses"]] == [_shared(course, answer["courses"][0])]
    assert [_shared(row, units[0]) for row in answer["units"]] == [_shared(units[0], answer["units"][0])]
    (module,) = answer["modules"]
    assert (module["status"], module["shown_percentage"], module["availability"]) == ("completed", 100, "open")


def test_two_devices_that_were_offline_and_send_at_once_end_with_the_stored_state(
    signed_in: SignedIn, served_record: Record, school: School
) -> None:
    ben = school.people["ben"]
    with served_record.writing() as tx:
        unit = add_unit(tx, school.algebra, "Films")
        lectures = [
            add_module(tx, unit, f"Film {number}", "lecture", duration_seconds=SECONDS, published_at=TERM_START)
            for number in range(3)
        ]
    modules = [*school.algebra_modules, *lectures]
    browser = signed_in("ben")
    devices = [_Offline(browser, ben, modules, name) for name in ("phone", "laptop")]
    with ThreadPoolExecutor(len(devices)) as pool:
        for finished in [pool.submit(device.come_online) for device in devices]:
            finished.result()
    for device in devices:
        device.copy.pull()
    phone, laptop = (device.copy for device in devices)
    assert phone.held == laptop.held == fresh(phone)
    assert _progress(phone.held) == _stored(served_record, ben)
    assert phone.held["module", lectures[0]]["watched_intervals"] == [[0.0, 95.0]]
    assert phone.held["course", school.algebra]["completed_modules_count"] >= 1
    assert any(not page["is_complete"] for page in laptop.pages)


class _Offline:
    """A device that comes back with events of its own; the phone's clock is behind, the laptop's ahead."""

    def __init__(self, browser: httpx.Client, learner: int, modules: list[int], name: str) -> None:
        self.browser = browser
        self.chance = random.Random(name)
        self.copy = Device(self._changes(learner))
        began = datetime.now(UTC) + timedelta(days=-3 if name == "phone" else 2)
        self.events = [
            {**self._happened(modules), "user_id": learner, "event_id": f"{name}-{number}", "source": name}
            | {"occurred_at": (began + timedelta(minutes=number)).isoformat()}
            for number in range(40)
        ]
        halves = {"phone": [[0, 50]], "laptop": [[50, 95]]}
        self.events[0] |= {"kind": "played", "module_id": modules[-3], "watched_intervals": halves[name]}

    def come_online(self) -> None:
        """Send everything, shuffled, in small parts, every third part twice, looking at the changes in between."""
        outbox = list(self.events)
        self.chance.shuffle(outbox)
        for number in range(0, len(outbox), 5):
            for _ in range(2 if number % 3 == 0 else 1):
                answer = self.browser.post("/api/v1/events", json=outbox[number : number + 5])
                assert {verdict["outcome"] for verdict in answer.json()["verdicts"]} <= {"created", "duplicate"}
            self.copy.pull_page()

    def _happened(self, modules: list[int]) -> dict[str, Any]:
        kind = self.chance.choice(["played", "viewed", "completed"])
        module = self.chance.choice(modules[:4] if kind != "played" else modules[-2:])
        start = self.chance.randrange(SECONDS)
        watched = {"watched_intervals": [[start, SECONDS]], "position_seconds": float(start)}
        return {"kind": kind, "module_id": module, **(watched if kind == "played" else {})}

    def _changes(self, learner: int) -> Any:
        def ask(cursor: str | None) -> Page:
            params = {"limit": "4"} | ({"since": cursor} if cursor else {})
            page: Page = self.browser.get(f"/api/v1/users/{learner}/changes", params=params).json()
            return page

        return ask


def _shared(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in other}


_COMPARED = {
    "module": (ModuleProgress, ("status", "completion_percentage", "position_seconds", "watched_share", "score")),
    "unit": (UnitProgress, ("completion_percentage", "completed_modules_count", "total_modules")),
    "course": (CourseProgress, ("completion_percentage", "completed_units_count", "completed_modules_count")),
}
_TIMES = ("started_at", "completed_at", "last_activity_at")


def _progress(held: dict[tuple[str, int], dict[str, Any]]) -> dict[tuple[str, int], list[Any]]:
    """Of what a device holds, what is stored as well; modules that were never touched are not."""
    return {
        (kind, id_): [
            *(row[name] for name in _COMPARED[kind][1]),
            *(row[name] and datetime.fromisoformat(row[name]) for name in _TIMES if name in row),
            row.get("watched_intervals"),
        ]
        for (kind, id_), row in held.items()
        if row.get("status") != "not_started"
    }


def _stored(record: Record, learner: int) -> dict[tuple[str, int], list[Any]]:
    with record.reading() as connection:
        return {
            (kind, row[f"{kind}_id"]): [
                *(row[name] for name in names),
                *(row[name] for name in _TIMES if name in row and (kind == "module" or name == "completed_at")),
                [list(pair) for pair in intervals.parse(row.get("watched_intervals"))] or None,
            ]
            for kind, (model, names) in _COMPARED.items()
            for row in connection.execute(select(model.__table__).where(model.user_id == learner)).mappings()
        }
