"""Part three, 2.6 and 2.7 profiles: what is kept of an agent, and of an activity."""

import httpx
import pytest

from tests.api.xapi.conformance.documents import PROFILES, RESOURCES, Resource, write

pytestmark = pytest.mark.parametrize("resource", PROFILES.values(), ids=list(PROFILES))


def test_xapi_00269_00273_00287_and_00288_a_profile_is_written_and_read(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    assert write(lrs, resource.path, document, {"colour": "blue"}) == 204
    answer = lrs.get(resource.path, params=document)
    assert (answer.status_code, answer.json()) == (200, {"colour": "blue"})


def test_xapi_00272_00279_00286_and_00308_post_merges_without_a_header(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    for content in ({"a": 1}, {"b": 2}):
        assert write(lrs, resource.path, document, content, "POST") == 204
    assert lrs.get(resource.path, params=document).json() == {"a": 1, "b": 2}


def test_xapi_00265_and_00300_delete_needs_an_id(lrs: httpx.Client, resource: Resource) -> None:
    assert lrs.delete(resource.path, params=resource.context()).status_code == 400


def test_2_6_profiles_and_states_are_kept_apart(lrs: httpx.Client, resource: Resource) -> None:
    document = resource.named()
    write(lrs, resource.path, document, {})
    others = [each for each in RESOURCES.values() if each is not resource]
    for other in others:
        parameters = {**other.named(), **{name: document[name] for name in document.keys() & other.context().keys()}}
        assert lrs.get(other.path, params=parameters).status_code == 404
