"""Part three, 2.2 documents: what holds for states, agent profiles and activity profiles."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.api.xapi.conformance.documents import JSON, RESOURCES, Resource, without, write

pytestmark = pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))


def test_2_2_s4_b2_documents_of_unknown_agents_and_activities_are_taken(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, {"page": 7}) == 204
    assert lrs.get(resource.path, params=document).json() == {"page": 7}


def test_1_5_b1_documents_may_have_any_type_and_come_back_as_they_were(lrs: httpx.Client, resource: Resource) -> None:
    document, content = resource.named(), bytes(range(256)) * 20
    headers = {"Content-Type": "image/x-odd; charset=none"}
    assert lrs.put(resource.path, params=document, content=content, headers=headers).status_code == 204
    answer = lrs.get(resource.path, params=document)
    assert (answer.content, answer.headers["content-type"]) == (content, headers["Content-Type"])


def test_2_2_s6_b1_last_modified_says_when_a_document_was_written(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    write(lrs, resource.path, document, {})
    for parameters in (document, without(document, resource.id_name)):
        answer = lrs.get(resource.path, params=parameters)
        age = datetime.now().astimezone() - parsedate_to_datetime(answer.headers["last-modified"])
        assert age.total_seconds() < 60


def test_xapi_00183_and_00184_post_sets_the_properties_that_it_names_and_replaces_them_whole(
    lrs: httpx.Client, resource: Resource
) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, {"x": {"a": 1, "b": 2}, "y": "bar"}, "POST") == 204
    assert write(lrs, resource.path, document, {"x": {"c": 3}, "z": None}, "POST") == 204
    assert lrs.get(resource.path, params=document).json() == {"x": {"c": 3}, "y": "bar", "z": None}


def test_xapi_00233_00280_and_00310_post_writes_a_document_that_is_not_there(
    lrs: httpx.Client, resource: Resource
) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, b"\x00\xff", "POST") == 204
    assert lrs.get(resource.path, params=document).content == b"\x00\xff"


KEPT_AND_SENT: list[tuple[Any, Any]] = [({"x": 1}, b"bytes"), (b"bytes", {"x": 1}), ([1], {"x": 1}), ({"x": 1}, [1])]


@pytest.mark.parametrize(("kept", "sent"), KEPT_AND_SENT)
def test_xapi_00229_00232_00278_00281_00309_and_00313_only_json_objects_are_merged(
    lrs: httpx.Client, resource: Resource, kept: Any, sent: Any
) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, kept) == 204
    before = lrs.get(resource.path, params=document).content
    assert write(lrs, resource.path, document, sent, "POST") == 400
    assert lrs.get(resource.path, params=document).content == before


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content", [b"{'x': 1}", b"", b"{", b"\xff"])
def test_xapi_00235_00284_and_00314_what_is_called_json_has_to_be_json(
    lrs: httpx.Client, resource: Resource, method: str, content: bytes
) -> None:
    answer = lrs.request(method, resource.path, params=resource.named(), content=content, headers=JSON)
    assert answer.status_code == 400


def test_xapi_00187_00271_and_00285_delete_removes_the_document(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    write(lrs, resource.path, document, {})
    for _ in range(2):
        assert lrs.delete(resource.path, params=document).status_code == 204
        assert lrs.get(resource.path, params=document).status_code == 404


def test_xapi_00193_00270_and_00289_without_an_id_all_ids_are_given(lrs: httpx.Client, resource: Resource) -> None:
    context = resource.context()
    assert lrs.get(resource.path, params=context).json() == []
    for name in ("one", "two & three"):
        write(lrs, resource.path, {**context, resource.id_name: name}, {})
    assert lrs.get(resource.path, params=context).json() == ["one", "two & three"]


def test_xapi_00195_00221_00275_and_00303_since_gives_what_was_written_after_it(
    lrs: httpx.Client, resource: Resource
) -> None:
    context = resource.context()
    write(lrs, resource.path, {**context, resource.id_name: "early"}, {})
    between = lrs.get("/xapi/statements", params={"limit": 1}).headers["X-Experience-API-Consistent-Through"]
    write(lrs, resource.path, {**context, resource.id_name: "late"}, {})
    assert lrs.get(resource.path, params={**context, "since": between}).json() == ["late"]
    assert lrs.get(resource.path, params={**context, "since": "2012-06-01T19:09:13.245Z"}).json() == ["early", "late"]


@pytest.mark.parametrize("since", ["yesterday", "1", "true"])
def test_xapi_00204_00260_and_00295_since_is_a_time(lrs: httpx.Client, resource: Resource, since: str) -> None:
    assert lrs.get(resource.path, params={**resource.context(), "since": since}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("missing", ["agent", "activityId"])
def test_xapi_00207_to_00215_and_00261_to_00299_the_context_is_asked_for(
    lrs: httpx.Client, resource: Resource, method: str, missing: str
) -> None:
    document = resource.named()
    if missing in document:
        answer = lrs.request(method, resource.path, params=without(document, missing), content=b"{}", headers=JSON)
        assert answer.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_xapi_00206_00211_00266_and_00301_what_is_written_has_an_id(
    lrs: httpx.Client, resource: Resource, method: str
) -> None:
    answer = lrs.request(method, resource.path, params=resource.context(), content=b"{}", headers=JSON)
    assert answer.status_code == 400


NO_AGENTS = ["not JSON", "1", "true", "{}", '{"mbox": "mailto:a@b.example", "openid": "https://b.example"}']
GROUP = '{"objectType": "Group", "mbox": "mailto:table-3@conformance.example"}'


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("name", "wrong"), [*(("agent", each) for each in (*NO_AGENTS, GROUP)), ("activityId", "1"), ("activityId", "true")]
)
def test_xapi_00196_to_00199_and_00255_to_00258_agents_and_activities_are_judged(
    lrs: httpx.Client, resource: Resource, method: str, name: str, wrong: str
) -> None:
    document = resource.named()
    if name in document:
        answer = lrs.request(method, resource.path, params={**document, name: wrong}, content=b"{}", headers=JSON)
        assert answer.status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("name", ["colour", "activityid", "Agent", "STATEID", "profileid"])
def test_xapi_00324_and_00325_parameters_that_nobody_knows_are_refused(
    lrs: httpx.Client, resource: Resource, method: str, name: str
) -> None:
    parameters = {**resource.named(), name: "x"}
    assert lrs.request(method, resource.path, params=parameters, content=b"{}", headers=JSON).status_code == 400


def test_xapi_00126_head_tells_of_a_document_without_sending_it(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    assert lrs.head(resource.path, params=document).status_code == 404
    write(lrs, resource.path, document, {"page": 7})
    got, head = (lrs.request(method, resource.path, params=document) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])


def test_xapi_00321_and_00331_the_version_is_asked_for(lrs: httpx.Client, resource: Resource) -> None:
    for version in ("0.9", "1.1.0", ""):
        headers = {"X-Experience-API-Version": version}
        assert lrs.get(resource.path, params=resource.named(), headers=headers).status_code == 400


def test_xapi_00336_documents_come_as_forms_too(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    form = {**document, "content": '{"page": "ä"}', "Content-Type": "application/json"}
    assert lrs.post(resource.path, params={"method": "PUT"}, data=form).status_code == 204
    assert lrs.post(resource.path, params={"method": "GET"}, data=document).json() == {"page": "ä"}
    assert lrs.post(resource.path, params={"method": "DELETE"}, data=document).status_code == 204
    assert lrs.get(resource.path, params=document).status_code == 404
