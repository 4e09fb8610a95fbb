"""Players as they are: a cmi5 package that goes on where it stopped, and H5P and others that report scores."""

import json
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from data.models import Module, ModuleProgress
from data.record import Record
from tests.api.school import School
from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import COURSE, VIDEO, actor, statement

STATEMENTS, STATE, AGENT_PROFILE = "/xapi/statements", "/xapi/activities/state", "/xapi/agents/profile"
ADL = "http://adlnet.gov/expapi/verbs"
QUIZ = f"{VIDEO}/quiz"


def score_of(record: Record, learner: int) -> tuple[str, float | None] | None:
    """Status and score of the quiz."""
    quiz = select(Module.id).where(Module.external_id == QUIZ).scalar_subquery()
    own = (ModuleProgress.user_id == learner, ModuleProgress.module_id == quiz)
    with record.reading() as connection:
        row = connection.execute(select(ModuleProgress.status, ModuleProgress.score).where(*own)).one_or_none()
    return None if row is None else (row.status, row.score)


def session(registration: str, verb: str, **more: Any) -> dict[str, Any]:
    """A statement that cmi5 defines."""
    cmi5 = {"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}
    activities = {"category": [cmi5], "grouping": [{"id": COURSE}]}
    context = {"registration": registration, "contextActivities": activities}
    return statement("ada", f"{ADL}/{verb}", QUIZ, context=context, **more)


def test_a_cmi5_package_is_launched_keeps_its_bookmark_and_goes_on_at_the_second_launch(
    program: Program, school: School, served_record: Record
) -> None:
    platform, player, registration = program("head"), program("ada"), str(uuid4())
    where = {"activityId": QUIZ, "agent": json.dumps(actor("ada")), "registration": registration}
    launch = {"launchMode": "Normal", "moveOn": "Passed", "contextTemplate": {"extensions": {}}}
    assert platform.put(STATE, params={**where, "stateId": "LMS.LaunchData"}, json=launch).status_code == 204

    assert player.get(STATE, params={**where, "stateId": "LMS.LaunchData"}).json() == launch
    preferences = {"agent": where["agent"], "profileId": "cmi5LearnerPreferences"}
    assert player.get(AGENT_PROFILE, params=preferences).status_code == 404
    assert player.post(STATEMENTS, json=session(registration, "initialized")).status_code == 200
    bookmark = {**where, "stateId": "suspend_data"}
    assert player.get(STATE, params=bookmark).status_code == 404
    for page in (3, 7):
        assert player.put(STATE, params=bookmark, json={"page": page}).status_code == 204
    assert player.post(STATEMENTS, json=session(registration, "terminated")).status_code == 200

    assert player.get(STATE, params=where).json() == ["LMS.LaunchData", "suspend_data"]
    assert player.get(STATE, params=bookmark).json() == {"page": 7}
    passed = session(registration, "passed", result={"success": True, "score": {"scaled": 0.9}})
    assert platform.post(STATEMENTS, json=passed).status_code == 200
    assert score_of(served_record, school.people["ada"]) == ("completed", 90.0)
    found = player.get(STATEMENTS, params={"registration": registration, "ascending": "true"}).json()["statements"]
    assert [each["verb"]["id"] for each in found] == [
        f"{ADL}/{verb}" for verb in ("initialized", "terminated", "passed")
    ]


def test_scores_of_a_whole_activity_come_in_whatever_the_verb(
    program: Program, school: School, served_record: Record
) -> None:
    """The best one counts, and each is better than the one before."""
    for verb, score, expected in (
        (f"{ADL}/attempted", {"raw": 1, "max": 4}, ("in_progress", 25.0)),
        ("https://w3id.org/xapi/dod-isd/verbs/evaluated", {"scaled": 0.5}, ("in_progress", 50.0)),
        (f"{ADL}/evaluated", {"scaled": 0.55}, ("in_progress", 55.0)),
        (f"{ADL}/answered", {"raw": 3, "min": 0, "max": 4, "scaled": 0.75}, ("completed", 75.0)),
    ):
        sent = statement("ben", verb, QUIZ, result={"score": score})
        assert program("head").post(STATEMENTS, json=sent).status_code == 200
        assert score_of(served_record, school.people["ben"]) == expected


def test_a_question_within_an_activity_is_kept_and_scores_nothing(
    program: Program, school: School, served_record: Record
) -> None:
    before = score_of(served_record, school.people["ben"])
    context = {"contextActivities": {"parent": [{"id": QUIZ}]}}
    inner = statement(
        "ben", f"{ADL}/answered", f"{QUIZ}?subContentId=1", result={"score": {"scaled": 1}}, context=context
    )
    assert program("head").post(STATEMENTS, json=inner).status_code == 200
    assert score_of(served_record, school.people["ben"]) == before
