"""`PUT` and `POST /xapi/statements`: what is taken in from whom, and that all of it is or nothing."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from data.models import ModuleProgress, ProgressEvent, User, XapiStatement
from data.record import Record
from tests.api.school import School
from tests.api.v1.test_events import check_problem
from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import COMPLETED, COURSE, OPEN_COURSE, VIDEO, actor, of_course, statement, watched

PATH = "/xapi/statements"


def put(client: httpx.Client, sent: dict[str, Any], statement_id: str | None = None) -> httpx.Response:
    return client.put(PATH, params={"statementId": statement_id or sent["id"]}, json=sent)


def counts(record: Record) -> tuple[int, int, int]:
    """How many statements, events and people there are."""
    with record.reading() as connection:
        first, second, third = (
            connection.scalar(select(func.count()).select_from(model)) or 0
            for model in (XapiStatement, ProgressEvent, User)
        )
        return first, second, third


def progress_of(record: Record, user_id: int, module_id: int) -> tuple[str, float | None, float | None]:
    columns = (ModuleProgress.status, ModuleProgress.watched_share, ModuleProgress.position_seconds)
    own = (ModuleProgress.user_id == user_id, ModuleProgress.module_id == module_id)
    with record.reading() as connection:
        return tuple(connection.execute(select(*columns).where(*own)).one())  # type: ignore[return-value]


def test_learners_player_sends_what_she_watched_and_it_is_her_progress(
    program: Program, school: School, lecture: int, served_record: Record
) -> None:
    sent = watched("ada", "0[.]30[,]20[.]45.5[,]60")
    answer = put(program("ada"), sent)
    assert (answer.status_code, answer.content) == (204, b"")
    assert progress_of(served_record, school.people["ada"], lecture) == ("in_progress", 0.455, 12.5)


def test_same_statement_again_changes_nothing_and_another_of_its_id_is_a_conflict(
    program: Program, served_record: Record
) -> None:
    sent = watched("ada", "0[.]30")
    assert put(program("head"), sent).status_code == 204
    before = counts(served_record)
    reordered = dict(reversed(sent.items())) | {"stored": "2026-03-02T09:31:00Z"}
    assert put(program("head"), reordered).status_code == 204
    check_problem(put(program("head"), {**sent, "timestamp": "2026-03-02T09:30:01Z"}), 409)
    assert counts(served_record) == before


def test_post_answers_with_the_ids_and_gives_one_to_statements_without(program: Program) -> None:
    sent = [statement("ada"), statement("ben")]
    del sent[1]["id"]
    answer = program("turing").post(PATH, json=sent)
    assert answer.status_code == 200
    first, second = answer.json()
    assert first == sent[0]["id"]
    assert program("turing").get(PATH, params={"statementId": second}).json()["actor"] == actor("ben")


def test_person_is_found_by_mail_address_too(
    program: Program, school: School, lecture: int, served_record: Record
) -> None:
    sent = watched("", "0[.]95") | {"actor": {"mbox": "mailto:Ben@School.example"}}
    assert put(program("head"), sent).status_code == 204
    assert progress_of(served_record, school.people["ben"], lecture) == ("completed", 0.95, 12.5)


def test_nothing_of_a_batch_is_stored_when_one_is_not_taken_in(program: Program, served_record: Record) -> None:
    before = counts(served_record)
    good = statement("ada")
    for bad, status in (
        (statement("nobody-at-all"), 403),
        (statement("ada", activity="https://videos.example/unknown"), 403),
        ({**statement("ada"), "verb": {"id": "played"}}, 400),
        ({**good, "timestamp": "2026-03-02T09:30:01Z"}, 400),
        ("text", 400),
    ):
        check_problem(program("head").post(PATH, json=[good, bad]), status)
    assert counts(served_record) == before


def test_administrators_program_is_told_the_name_of_what_is_unknown(program: Program) -> None:
    unknown = check_problem(program("head").post(PATH, json=statement("who")), 403)
    assert "https://lms.example|who" in unknown["detail"]
    unknown = check_problem(program("head").post(PATH, json=statement("ada", activity="https://videos.example/x")), 403)
    assert "https://videos.example/x" in unknown["detail"]


@pytest.mark.parametrize("sender", ["zoe", "newcomer", "idle", "mother", "childless", "nobody", "tutor"])
def test_strangers_record_nothing_and_learn_nothing(program: Program, served_record: Record, sender: str) -> None:
    before = counts(served_record)
    interacted = "http://adlnet.gov/expapi/verbs/interacted"
    answers = [
        program(sender).post(PATH, json=sent)
        for sent in (
            statement("ada"),
            statement("who"),
            statement("ada", interacted),
            statement("who", interacted),
            statement("ada", activity="https://videos.example/unknown"),
            statement("who", context=of_course(OPEN_COURSE, 60)),
        )
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert counts(served_record) == before


def test_learner_speaks_for_herself_only_and_gives_herself_no_score(program: Program) -> None:
    own = statement("ada", "http://adlnet.gov/expapi/verbs/scored", f"{VIDEO}/quiz", result={"score": {"scaled": 1}})
    check_problem(program("ada").post(PATH, json=own), 403)
    check_problem(program("ada").post(PATH, json=statement("ben")), 403)
    assert program("ada").post(PATH, json=statement("ada", COMPLETED, f"{VIDEO}/quiz")).status_code == 200


def test_learners_completed_passes_no_quiz_and_the_systems_score_does(
    program: Program, school: School, served_record: Record
) -> None:
    def state() -> tuple[str, float | None, bool | None]:
        columns = (ModuleProgress.status, ModuleProgress.score, ModuleProgress.is_passed)
        own = (ModuleProgress.user_id == school.people["ben"], ModuleProgress.module_id != lecture_of_ben)
        with served_record.reading() as connection:
            return tuple(connection.execute(select(*columns).where(*own)).one())  # type: ignore[return-value]

    with served_record.reading() as connection:
        lecture_of_ben = connection.scalar(
            select(ModuleProgress.module_id).where(ModuleProgress.user_id == school.people["ben"])
        )
    quiz = f"{VIDEO}/quiz"
    assert program("ben").post(PATH, json=statement("ben", COMPLETED, quiz)).status_code == 200
    assert state() == ("in_progress", None, None)
    failed = statement("ben", "http://adlnet.gov/expapi/verbs/failed", quiz, result={"score": {"scaled": 0.59}})
    passed = statement("ben", "http://adlnet.gov/expapi/verbs/passed", quiz, result={"score": {"raw": 12, "max": 20}})
    assert program("head").post(PATH, json=failed).status_code == 200
    assert state() == ("in_progress", 59.0, False)
    assert program("head").post(PATH, json=passed).status_code == 200
    assert state() == ("completed", 60.0, True)


def test_unknown_learners_and_videos_of_an_open_course_become_known(program: Program, served_record: Record) -> None:
    film = "https://videos.example/new"
    refused = check_problem(program("head").post(PATH, json=statement("new", activity=film)), 403)
    assert "No learner" in refused["detail"]
    without_length = statement("new", activity=film, context=of_course(OPEN_COURSE))
    assert film in check_problem(program("head").post(PATH, json=without_length), 403)["detail"]
    assert (
        program("head").post(PATH, json=statement("new", activity=film, context=of_course(OPEN_COURSE, 60))).is_success
    )
    assert program("head").post(PATH, json=watched("new", "0[.]54", film)).is_success
    with served_record.reading() as connection:
        person = connection.execute(select(User).where(User.external_id == "https://lms.example|new")).one()
        share = connection.scalar(select(ModuleProgress.watched_share).where(ModuleProgress.user_id == person.id))
    assert (person.full_name[:8], person.username, share) == ("Learner ", None, 0.9)


def test_course_that_is_named_has_to_be_the_modules_own(program: Program) -> None:
    assert program("head").post(PATH, json=statement("ada", context=of_course(COURSE))).is_success
    check_problem(program("head").post(PATH, json=statement("zoe", context=of_course(COURSE))), 403)


def test_scope_to_read_is_not_enough_to_send(program: Program) -> None:
    check_problem(program("head", "read").post(PATH, json=statement("ada")), 403)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": 1, "a": 2}', 400),
        (b'{"score": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"actor": ' + b"[" * 500 + b"]" * 500 + b"}", 400),
        (b'{"actor": {"name": "\\ud800"}}', 400),
        (b"\xff\xfe", 400),
        (b"", 400),
        (b"123456789012345678901234567890", 400),
        (b"null", 400),
        (b" " * 4_000_001, 413),
        (b"[" + b",".join([b"{}"] * 1_001) + b"]", 413),
    ],
)
def test_bad_bodies_are_refused_in_words(program: Program, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    check_problem(program("head").post(PATH, content=body, headers=headers), status)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"]
)
def test_other_kinds_of_bodies_are_refused(program: Program, content_type: str) -> None:
    answer = program("head").post(PATH, content=b"{}", headers={"Content-Type": content_type})
    check_problem(answer, 400)


def test_put_needs_one_statement_and_the_id_that_it_has(program: Program) -> None:
    sent = statement("ada")
    client = program("head")
    check_problem(client.put(PATH, json=sent), 400)
    check_problem(put(client, sent, "no-uuid"), 400)
    check_problem(put(client, sent, str(uuid4())), 400)
    check_problem(client.put(PATH, params={"statementId": sent["id"]}, json=[sent]), 400)
    check_problem(client.put(PATH, params={"statementId": sent["id"], "more": "1"}, json=sent), 400)
    check_problem(client.post(PATH, params={"statementId": sent["id"]}, json=sent), 400)
    del sent["id"]
    assert put(client, sent, str(uuid4())).status_code == 204


def test_other_methods_are_not_allowed(program: Program) -> None:
    check_problem(program("head").delete(PATH), 405)
