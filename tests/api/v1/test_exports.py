"""`GET /api/v1/exports/{what}`: files of exactly what the caller may see, some at once, others in their turn."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import httpx
import polars as pl
import pyarrow.parquet as pq
import pytest
from fastexcel import read_excel

from api.v1.exports import EXPORTS_AT_ONCE, MEDIA_TYPES, Format
from queries.exports.whole_views import EXPORTS
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.v1.test_course_progress import SEEN_IN_ALGEBRA
from tests.api.v1.test_events import check_problem, event

EVERYONE = sorted(set(ROLES) - {"gone"})
SEEN_IN_BIOLOGY = {"zoe": ["zoe"], "tutor": ["tutor"], "head": ["zoe", "tutor"]}
OF_LEARNERS = ("course_progress", "unit_progress", "module_progress", "events")


@pytest.fixture(scope="module", autouse=True)
def happened(signed_in: SignedIn, school: School) -> None:
    """Everyone who takes a course did something in it."""
    modules = {"ada": 0, "ben": 1, "gone": 2}
    sent = [event(school.people[name], school.algebra_modules[place], name) for name, place in modules.items()]
    sent += [event(school.people[name], school.biology_module, name) for name in ("zoe", "tutor")]
    signed_in("head").post("/api/v1/events", json=sent)


def rows_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("username", EVERYONE)
def test_everyone_takes_out_the_learners_whom_they_may_see_and_no_one_else(
    signed_in: SignedIn, school: School, username: str
) -> None:
    seen = {*SEEN_IN_ALGEBRA.get(username, ()), *SEEN_IN_BIOLOGY.get(username, ())}
    for what in OF_LEARNERS:
        rows = rows_of(signed_in(username).get(f"/api/v1/exports/{what}"))
        assert {int(row["learner_id"]) for row in rows} == {school.people[name] for name in seen}, what
    courses = rows_of(signed_in(username).get("/api/v1/exports/course_summary"))
    expected = {"Algebra": len(SEEN_IN_ALGEBRA.get(username, ())), "Biology": len(SEEN_IN_BIOLOGY.get(username, ()))}
    assert {row["course_title"]: int(row["learners_count"]) for row in courses} == {
        title: count for title, count in expected.items() if count
    }
    classes = rows_of(signed_in(username).get("/api/v1/exports/class_progress"))
    assert [row["class_name"] for row in classes] == (["7a"] if username in ("turing", "head") else [])


def test_strangers_get_401_whether_there_is_such_an_export_or_not(stranger: httpx.Client) -> None:
    there, not_there = (stranger.get(f"/api/v1/exports/{what}") for what in ("events", "people"))
    assert check_problem(there, 401) == check_problem(not_there, 401)


def test_numbers_are_those_of_the_other_answers(signed_in: SignedIn, school: School) -> None:
    (shown,) = signed_in("ada").get(f"/api/v1/users/{school.people['ada']}/progress").json()["courses"]
    (row,) = signed_in("ada").get("/api/v1/exports/course_progress", params={"format": "json"}).json()
    assert {name: row[name] for name in shown} == shown


@pytest.mark.parametrize("chosen", Format)
def test_each_format_comes_as_a_file_of_that_kind(signed_in: SignedIn, school: School, chosen: Format) -> None:
    answer = signed_in("turing").get(
        "/api/v1/exports/unit_progress", params={"format": chosen.value, "learner_id": school.people["ada"]}
    )
    assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[chosen]
    name = f"waymark-unit_progress-{datetime.now(UTC):%Y-%m-%d}.{chosen.value}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert "content-length" not in answer.headers
    frame = {
        Format.CSV: lambda: pl.read_csv(answer.content),
        Format.JSON: lambda: pl.read_json(answer.content),
        Format.PARQUET: lambda: pl.DataFrame(pq.read_table(BytesIO(answer.content))),
        Format.XLSX: lambda: read_excel(answer.content).load_sheet(0).to_polars(),
    }[chosen]()
    assert frame["unit_title"].to_list() == ["Numbers", "Equations"]
    assert frame["completion_percentage"].to_list() == [50.0, 0.0]
    assert frame["shown_percentage"].to_list() == [50, 0]


def test_csv_comes_without_its_mark_for_programs_that_stumble_over_it(signed_in: SignedIn) -> None:
    path = "/api/v1/exports/course_summary"
    marked, plain = signed_in("head").get(path), signed_in("head").get(path, params={"byte_order_mark": "false"})
    assert marked.content == b"\xef\xbb\xbf" + plain.content


def test_filters_narrow_and_what_may_not_be_seen_is_answered_like_what_is_not_there(
    signed_in: SignedIn, school: School
) -> None:
    def taken(username: str, **filters: int) -> set[int]:
        rows = rows_of(signed_in(username).get("/api/v1/exports/events", params=filters))
        return {int(row["learner_id"]) for row in rows}

    ada, ben, zoe = (school.people[name] for name in ("ada", "ben", "zoe"))
    assert taken("head", learner_id=zoe) == {zoe}
    assert taken("head", class_id=1) == taken("turing", class_id=1) == {ada, ben}
    assert taken("turing", course_id=school.biology) == taken("turing", course_id=999_999) == set()
    assert taken("mother", learner_id=ben) == taken("mother", learner_id=999_999) == set()


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("people", 404, "course_progress, unit_progress, module_progress, events, course_summary, class_progress"),
        ("events?format=pdf", 422, "'csv', 'xlsx', 'parquet' or 'json'"),
        ("events?learner_id=x", 422, "learner_id"),
        ("events?course_id=0", 422, "course_id"),
        (f"events?class_id={2**63}", 422, "class_id"),
        ("course_summary?learner_id=1", 422, "course_id"),
        ("class_progress?learner_id=1", 422, "course_id, class_id"),
    ],
)
def test_what_cannot_be_taken_out_is_refused_and_what_there_is_is_told(
    signed_in: SignedIn, path: str, status: int, told: str
) -> None:
    assert told in str(check_problem(signed_in("head").get(f"/api/v1/exports/{path}"), status))


def test_many_at_once_all_get_their_file(signed_in: SignedIn) -> None:
    browser = signed_in("head")
    asked = [(what, chosen) for what in EXPORTS for chosen in Format][: 4 * EXPORTS_AT_ONCE]

    def take(export: tuple[str, Format]) -> int:
        return len(browser.get(f"/api/v1/exports/{export[0]}", params={"format": export[1].value}).content)

    with ThreadPoolExecutor(len(asked)) as pool:
        assert all(pool.map(take, asked))
