"""Schemathesis asks every operation of the API's description, with what fits it and with what does not.

Nothing may fail on the server's side, and every answer must be one that the description names, in its form.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.v1.application import API
from data.record import Record
from progress.people.access_tokens import SCOPES, create_token
from tests.api.school import School
from tests.examples import up_to

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONDITIONS = ("if-none-match", "if-match")
FUZZING = settings(max_examples=up_to(20), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

described = schemathesis.openapi.from_dict(API.openapi())


@pytest.fixture(scope="module")
def tokens(served_record: Record, school: School) -> dict[str, str]:
    """An access token of someone who may do everything, and one of someone who must see nothing."""
    expiry = datetime.now(UTC) + timedelta(days=1)
    scopes = {"head": SCOPES, "newcomer": [scope for scope in SCOPES if scope != "manage"]}
    with served_record.writing() as tx:
        return {who: create_token(tx, school.people[who], "Fuzzing", own, expiry).token for who, own in scopes.items()}


@described.parametrize()
@FUZZING
def test_administrator_gets_only_answers_that_the_description_names(
    case: Case, running_app: str, tokens: dict[str, str], school: School
) -> None:
    _lead_home(case, school)
    _call(case, running_app, tokens["head"])


@described.parametrize()
@FUZZING
def test_whoever_must_see_nothing_sees_nobody_whatever_they_ask(
    case: Case, running_app: str, tokens: dict[str, str], school: School
) -> None:
    _lead_home(case, school)
    answer = _call(case, running_app, tokens["newcomer"])
    assert not [name for name in ("Ada", "Ben", "Zoe", "Tutor") if name in answer]


def _call(case: Case, address: str, token: str) -> str:
    # An address of 60 KB and more is refused by the server as well.
    assume(len(urlencode(case.query or {}, doseq=True, errors="replace")) < 60_000)
    # Other headers are not the API's business: the server refuses what is no HTTP before the API sees it.
    case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() in CONDITIONS}
    answer = case.call_and_validate(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, checks=CHECKS
    )
    return answer.content.decode(errors="replace")


def _lead_home(case: Case, school: School) -> None:
    """Every other id of a path becomes one that exists, so that not all roads end at “no such learner”."""
    known = {"user_id": school.people["ada"], "course_id": school.algebra, "module_id": school.biology_module}
    for name, value in (case.path_parameters or {}).items():
        if name in known and isinstance(value, int) and value % 2:
            case.path_parameters[name] = known[name]
