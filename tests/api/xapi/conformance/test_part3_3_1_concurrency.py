"""Part three, 3.1 concurrency: nobody overwrites what they have not seen."""

import hashlib
import json

import httpx
import pytest

from tests.api.xapi.conformance.documents import PROFILES, RESOURCES, STATE, Resource, write

every = pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
profiles = pytest.mark.parametrize("resource", PROFILES.values(), ids=list(PROFILES))
OTHER = f'"{"1" * 40}"'


def kept(lrs: httpx.Client, resource: Resource) -> tuple[dict[str, str], str]:
    """A document that holds {"page": 1}, and its ETag."""
    document = resource.named()
    assert write(lrs, resource.path, document, {"page": 1}) == 204
    return document, lrs.get(resource.path, params=document).headers["etag"]


def content(lrs: httpx.Client, resource: Resource, document: dict[str, str]) -> object:
    return lrs.get(resource.path, params=document).json()


@every
def test_xapi_00322_and_3_1_s4_b1_to_b4_the_etag_is_the_sha_1_in_quotes(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    long = json.dumps({"text": "word " * 1_000}).encode()  # long enough to be worth compressing
    lrs.put(resource.path, params=document, content=long, headers={"Content-Type": "application/json"})
    answer = lrs.get(resource.path, params=document, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["etag"] == f'"{hashlib.sha1(long).hexdigest()}"'
    assert answer.headers.get("content-encoding", "identity") == "identity"
    names = lrs.get(resource.path, params={name: document[name] for name in resource.context()})
    assert names.headers["etag"] == f'"{hashlib.sha1(names.content).hexdigest()}"'


@every
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_3_1_s4_b5_and_b7_if_match_lets_the_change_of_the_known_one_pass(
    lrs: httpx.Client, resource: Resource, method: str
) -> None:
    document, etag = kept(lrs, resource)
    assert write(lrs, resource.path, document, {"page": 2}, method, **{"If-Match": etag}) == 204
    assert content(lrs, resource, document) == {"page": 2}


@every
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_3_1_s4_b9_to_b12_if_match_of_another_one_is_412_and_changes_nothing(
    lrs: httpx.Client, resource: Resource, method: str
) -> None:
    document, _ = kept(lrs, resource)
    assert write(lrs, resource.path, document, {"page": 2}, method, **{"If-Match": OTHER}) == 412
    assert content(lrs, resource, document) == {"page": 1}


@every
def test_3_1_s4_b7_delete_takes_if_match(lrs: httpx.Client, resource: Resource) -> None:
    document, etag = kept(lrs, resource)
    assert lrs.delete(resource.path, params=document, headers={"If-Match": etag}).status_code == 204


@every
def test_3_1_s4_b5_if_match_of_what_is_not_there_is_412(lrs: httpx.Client, resource: Resource) -> None:
    for tag in (OTHER, "*"):
        assert write(lrs, resource.path, resource.named(), {}, "PUT", **{"If-Match": tag}) == 412


@every
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_3_1_s4_b6_and_b8_if_none_match_lets_only_new_ones_pass(
    lrs: httpx.Client, resource: Resource, method: str
) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, {"page": 1}, method, **{"If-None-Match": "*"}) == 204
    assert write(lrs, resource.path, document, {"page": 2}, method, **{"If-None-Match": "*"}) == 412
    assert content(lrs, resource, document) == {"page": 1}


@profiles
def test_3_1_s4_b13_to_b15_put_of_a_profile_that_exists_needs_a_header(lrs: httpx.Client, resource: Resource) -> None:
    document, _ = kept(lrs, resource)
    answer = lrs.put(resource.path, params=document, json={"page": 2})
    assert answer.status_code == 409
    assert "If-Match" in answer.json()["detail"]
    assert "Look at it first" in answer.json()["detail"]
    assert content(lrs, resource, document) == {"page": 1}


def test_3_1_s3_put_of_a_state_needs_no_header(lrs: httpx.Client) -> None:
    document, _ = kept(lrs, STATE)
    assert write(lrs, STATE.path, document, {"page": 2}) == 204


@every
def test_3_1_s2_what_the_reader_has_already_is_not_sent_again(lrs: httpx.Client, resource: Resource) -> None:
    document, etag = kept(lrs, resource)
    answer = lrs.get(resource.path, params=document, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@every
def test_1_3_s3_b6_conditions_come_in_forms_too(lrs: httpx.Client, resource: Resource) -> None:
    document, etag = kept(lrs, resource)
    form = {**document, "content": '{"page": 2}', "Content-Type": "application/json"}
    for tag, status in ((OTHER, 412), (etag, 204)):
        answer = lrs.post(resource.path, params={"method": "PUT"}, data={**form, "If-Match": tag})
        assert answer.status_code == status
