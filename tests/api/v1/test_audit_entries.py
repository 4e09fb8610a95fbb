"""The audit trail for programs and as a file: for administrators, and for nobody else."""

from io import BytesIO

import httpx
import polars as pl
import pytest

from progress.audit.reads import finish_noting
from tests.api.conftest import SignedIn
from tests.api.forms import submit
from tests.api.school import ROLES, School

PATHS = ("/api/v1/audit-entries", "/api/v1/audit-entries/export")


@pytest.fixture(scope="module")
def running_app(own_app: str) -> str:
    """An app of this file's own: it notes once an hour what each person looks at."""
    return own_app


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("username", [name for name in ROLES if name not in ("head", "gone")])
def test_trail_is_for_administrators_alone(signed_in: SignedIn, username: str, path: str) -> None:
    answer = signed_in(username).get(path)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Only administrators can read the audit trail."


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_asked_to_sign_in(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 401


def test_trail_says_who_signed_in_and_who_failed_and_from_where(
    stranger: httpx.Client, signed_in: SignedIn, school: School
) -> None:
    submit(stranger, "ben", "wrong")
    submit(stranger, "ben")
    found = signed_in("head").get(PATHS[0], params={"person_id": school.people["ben"], "limit": 2}).json()["entries"]
    assert [(entry["kind"], entry["subject_id"]) for entry in found] == [
        ("sign_in.succeeded", school.people["ben"]),
        ("sign_in.failed", school.people["ben"]),
    ]
    assert {entry["address"] for entry in found} == {"127.0.0.1"}


def test_name_that_nobody_has_is_not_written_down(stranger: httpx.Client, signed_in: SignedIn) -> None:
    submit(stranger, "my secret password", "wrong")
    answer = signed_in("head").get(PATHS[0], params={"kind": "sign_in.failed"})
    assert answer.json()["entries"][0]["subject_id"] is None
    assert "my secret password" not in answer.text


def test_reading_goes_on_where_it_ended(signed_in: SignedIn) -> None:
    both = signed_in("head").get(PATHS[0], params={"limit": 2}).json()["entries"]
    rest = signed_in("head").get(PATHS[0], params={"limit": 1, "before_id": both[0]["entry_id"]}).json()["entries"]
    assert rest == both[1:]


def test_administrators_look_at_a_learner_and_exports_are_noted(signed_in: SignedIn, school: School) -> None:
    ada = school.people["ada"]
    signed_in("head").get(f"/api/v1/users/{ada}/progress")
    signed_in("turing").get(f"/api/v1/users/{ada}/progress")
    signed_in("turing").get("/api/v1/exports/events", params={"format": "json", "learner_id": ada})
    told = {"limit": 50}
    for _ in range(50):
        found = signed_in("head").get(PATHS[0], params=told).json()["entries"]
        noted = [(entry["kind"], entry["actor_id"], entry["subject_id"], entry["details"]) for entry in found]
        if any(each[0] == "export.taken" for each in noted):
            break
    assert ("person.looked_up", school.people["head"], ada, "") in noted
    assert ("person.looked_up", school.people["turing"], ada, "") not in noted
    details = f"what: events; format: json; learner id: {ada}"
    assert ("export.taken", school.people["turing"], None, details) in noted


def test_trail_is_taken_out_as_csv_and_for_excel(signed_in: SignedIn) -> None:
    finish_noting()
    as_csv = signed_in("head").get(PATHS[1], params={"kind": "account.added"})
    as_xlsx = signed_in("head").get(PATHS[1], params={"kind": "account.added", "format": "xlsx"})
    assert as_csv.headers["content-type"].startswith("text/csv")
    rows = pl.read_csv(as_csv.content)
    assert set(rows["what_happened"]) == {"Account added"}
    assert rows.columns == pl.read_excel(BytesIO(as_xlsx.content)).columns
