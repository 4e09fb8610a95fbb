"""Documents are for those who see the learner or the course, and changed by those who may record; within bounds."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from data.models import User
from data.record import Record
from tests.api.conftest import SignedIn
from tests.api.school import School
from tests.api.v1.test_events import check_problem
from tests.api.xapi.conftest import HEADERS, Program
from tests.api.xapi.statements import HOME_PAGE, VIDEO, account_of, actor

STATE, AGENT_PROFILE, ACTIVITY_PROFILE = "/xapi/activities/state", "/xapi/agents/profile", "/xapi/activities/profile"
WRITES = ("PUT", "POST", "DELETE")


def state(name: str, state_id: str = "bookmark", **more: str) -> dict[str, str]:
    return {"activityId": VIDEO, "agent": json.dumps(actor(name)), "stateId": state_id, **more}


def profile(name: str) -> dict[str, str]:
    return {"agent": json.dumps(actor(name)), "profileId": "preferences"}


OF_VIDEO = {"activityId": VIDEO, "profileId": "chapters"}


def of_adas(path: str) -> dict[str, str]:
    return state("ada") if path == STATE else profile("ada")


@pytest.fixture(scope="module", autouse=True)
def documents(program: Program) -> None:
    head = program("head")
    for path, document in ((STATE, state("ada")), (AGENT_PROFILE, profile("ada")), (ACTIVITY_PROFILE, OF_VIDEO)):
        assert head.put(path, params=document, json={"kept": path}).status_code == 204


def without_name(document: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in document.items() if name not in ("stateId", "profileId")}


def of_nobody(document: dict[str, str]) -> dict[str, str]:
    """The same document of a learner, or an activity, that does not exist."""
    unknown = {"agent": json.dumps(actor("does-not-exist")), "activityId": f"{VIDEO}/does-not-exist"}
    return document | ({"agent": unknown["agent"]} if "agent" in document else {"activityId": unknown["activityId"]})


@pytest.mark.parametrize("path", [STATE, AGENT_PROFILE])
@pytest.mark.parametrize("reader", ["ada", "mother", "turing", "head"])
def test_who_sees_a_learner_reads_their_documents(program: Program, path: str, reader: str) -> None:
    document = of_adas(path)
    assert program(reader).get(path, params=document).json() == {"kept": path}
    assert program(reader).get(path, params=without_name(document)).json() == [document.get("stateId", "preferences")]


@pytest.mark.parametrize("path", [STATE, AGENT_PROFILE, ACTIVITY_PROFILE])
@pytest.mark.parametrize("stranger", ["zoe", "newcomer", "idle", "childless", "tutor", "nobody"])
def test_who_sees_neither_learner_nor_course_is_answered_as_if_nothing_were_there(
    program: Program, path: str, stranger: str
) -> None:
    client, document = program(stranger), OF_VIDEO if path == ACTIVITY_PROFILE else of_adas(path)
    for asked in (document, without_name(document)):
        hidden, missing = (client.get(path, params=parameters) for parameters in (asked, of_nobody(asked)))
        if asked is document:
            check_problem(hidden, 404)
        else:
            assert hidden.json() == []
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
        assert client.head(path, params=asked).status_code == hidden.status_code
    for method in WRITES:
        hidden, missing = (
            client.request(method, path, params=each, json={}) for each in (document, of_nobody(document))
        )
        check_problem(hidden, 403)
        assert hidden.content == missing.content
    assert program("head").get(path, params=document).json() == {"kept": path}


def test_ben_reads_no_bookmark_of_ada_though_they_share_a_class(program: Program) -> None:
    check_problem(program("ben").get(STATE, params=state("ada")), 404)
    check_problem(program("ben").delete(STATE, params=without_name(state("ada"))), 403)


def test_a_learners_player_keeps_its_bookmark_and_finds_it_again(program: Program) -> None:
    ada, document = program("ada"), state("ada", "own", registration="11111111-2222-4333-8444-555555555555")
    assert ada.put(STATE, params=document, content=b"page 7").status_code == 204
    answer = ada.get(STATE, params=document)
    assert (answer.content, answer.headers["content-type"]) == (b"page 7", "application/octet-stream")
    assert ada.post(AGENT_PROFILE, params=profile("ada"), json={"captions": True}).status_code == 204
    assert ada.get(AGENT_PROFILE, params=profile("ada")).json() == {"kept": AGENT_PROFILE, "captions": True}
    assert ada.delete(STATE, params=document).status_code == 204
    assert program("turing").get(STATE, params=document).status_code == 404


@pytest.mark.parametrize("reader", ["ada", "ben", "mother", "turing", "head"])
def test_whoever_sees_somebody_of_a_course_reads_what_is_kept_of_its_activities(program: Program, reader: str) -> None:
    assert program(reader).get(ACTIVITY_PROFILE, params=OF_VIDEO).json() == {"kept": ACTIVITY_PROFILE}


def test_staff_of_the_course_write_what_is_kept_of_an_activity_and_learners_do_not(program: Program) -> None:
    chapters = {"activityId": VIDEO, "profileId": "by-teacher"}
    assert program("turing").put(ACTIVITY_PROFILE, params=chapters, json={"n": 1}).status_code == 204
    for name in ("ada", "mother", "idle"):
        for method in WRITES:
            check_problem(program(name).request(method, ACTIVITY_PROFILE, params=chapters, json={}), 403)
    assert program("ada").get(ACTIVITY_PROFILE, params=chapters).json() == {"n": 1}


def test_parents_change_no_document_and_a_token_to_read_writes_none(program: Program) -> None:
    for client in (program("mother"), program("ada", "read")):
        for method in WRITES:
            check_problem(client.request(method, STATE, params=state("ada"), json={}), 403)


def test_nobody_gets_in_without_a_token_and_no_other_site_uses_a_session(
    stranger: httpx.Client, signed_in: SignedIn
) -> None:
    assert stranger.get(STATE, params=state("ada"), headers=HEADERS).status_code == 401
    form = {**state("ada"), "content": "{}", "Content-Type": "application/json", **HEADERS}
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = signed_in("ada").post(STATE, params={"method": "PUT"}, data=form, headers=elsewhere)
    check_problem(answer, 403)


def test_what_was_kept_for_an_unknown_agent_is_the_learners_once_they_are_known(
    program: Program, served_record: Record, school: School
) -> None:
    document = {**state("later"), "stateId": "LMS.LaunchData"}
    assert program("head").put(STATE, params=document, json={"launchMode": "Normal"}).status_code == 204
    check_problem(program("newcomer").get(STATE, params=document), 404)
    _rename(served_record, school.people["newcomer"], external_id=f"{HOME_PAGE}|later")
    try:
        assert program("newcomer").get(STATE, params=document).json() == {"launchMode": "Normal"}
        assert program("newcomer").post(STATE, params=document, json={"page": 1}).status_code == 204
        assert program("head").get(STATE, params=document).json() == {"launchMode": "Normal", "page": 1}
    finally:
        _rename(served_record, school.people["newcomer"], external_id=account_of("newcomer"))


def test_an_address_that_passes_to_another_person_brings_no_documents_along(
    program: Program, served_record: Record, school: School
) -> None:
    shared = {"activityId": VIDEO, "agent": '{"mbox": "mailto:shared@school.example"}', "stateId": "bookmark"}
    _rename(served_record, school.people["ben"], email="shared@school.example")
    assert program("ben").put(STATE, params=shared, json={"of": "ben"}).status_code == 204
    _rename(served_record, school.people["ben"], email="ben@school.example")
    _rename(served_record, school.people["zoe"], email="shared@school.example")
    try:
        assert program("zoe").get(STATE, params=shared).status_code == 404
        assert program("zoe").put(STATE, params=shared, json={"of": "zoe"}).status_code == 204
        assert program("zoe").get(STATE, params=shared).json() == {"of": "zoe"}
    finally:
        _rename(served_record, school.people["zoe"], email="zoe@school.example")


def _rename(record: Record, user_id: int, **values: Any) -> None:
    with record.writing() as tx:
        tx.execute(update(User).where(User.id == user_id).values(**values, changed_in=tx.number))


def test_a_document_and_all_of_an_agent_are_bounded(program: Program) -> None:
    head, agent = program("head"), json.dumps(actor("hoarder"))
    large = b"x" * 1_000_000
    for number in range(20):
        document = {"activityId": VIDEO, "agent": agent, "stateId": str(number)}
        assert head.put(STATE, params=document, content=large).status_code == 204
    one_more = {"activityId": VIDEO, "agent": agent, "stateId": "one more"}
    check_problem(head.put(STATE, params=one_more, content=b"x"), 413)
    check_problem(head.put(AGENT_PROFILE, params=profile("hoarder"), content=b"x"), 413)
    assert head.put(STATE, params={**one_more, "stateId": "7"}, content=large).status_code == 204
    assert head.delete(STATE, params=without_name(one_more)).status_code == 204
    check_problem(head.put(STATE, params=one_more, content=large + b"x"), 413)
    check_problem(head.put(STATE, params={**one_more, "activityId": f"{VIDEO}/{'x' * 1_000}"}, content=b"x"), 400)
    check_problem(head.put(STATE, params={**one_more, "stateId": "x" * 501}, content=b"x"), 400)


def test_a_document_that_calls_itself_a_page_is_none_of_ours(program: Program) -> None:
    document = state("ada", "page")
    headers = {"Content-Type": "text/html; charset=utf-8"}
    content = b"<script>alert(1)</script>"
    assert program("ada").put(STATE, params=document, content=content, headers=headers).status_code == 204
    answer = program("ada").get(STATE, params=document)
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for wrong in ("text", "text/html\t<b>", "x" * 300):
        sent = program("ada").put(STATE, params=document, content=b"", headers={"Content-Type": wrong})
        check_problem(sent, 400)


def test_an_administrator_who_reads_a_learners_documents_has_looked_them_up(
    program: Program, signed_in: SignedIn, school: School
) -> None:
    program("head").get(STATE, params=without_name(state("ada")))
    answer = signed_in("head").get("/api/v1/audit-entries", params={"kind": "person.looked_up"})
    assert school.people["ada"] in {entry["subject_id"] for entry in answer.json()["entries"]}
