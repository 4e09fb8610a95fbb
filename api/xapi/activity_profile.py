"""`/xapi/activities/profile`: what is kept of an activity for everybody who plays it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.xapi.documents import WRITING, WrittenAfter, changing, merge, put, read, reading, remove
from api.xapi.parameters import Iri, Name
from api.xapi.route import StatementRoute, add_reading_route
from progress.xapi.documents.contexts import Context

ACTIVITY_PROFILE = APIRouter(route_class=StatementRoute)
_PATH, _TAG = "/activities/profile", "Activity profile"


class ActivityProfileOf(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    activity_id: Iri = Field(alias="activityId")

    @property
    def context(self) -> Context:
        return Context("activity_profile", self.activity_id)


class NamedActivityProfile(ActivityProfileOf):
    profile_id: Name = Field(alias="profileId")


class SomeActivityProfiles(WrittenAfter, ActivityProfileOf):
    """One by its id; without an id all, or those written after `since`."""

    profile_id: Name | None = Field(None, alias="profileId")


async def read_profile(request: Request, query: Annotated[SomeActivityProfiles, Query()]) -> Response:
    """A profile of the activity, or the ids of all, in courses in which you see somebody; of others there are none."""
    return await read(request, query.context, query.profile_id, query.written_after)


async def put_profile(request: Request, query: Annotated[NamedActivityProfile, Query()]) -> Response:
    """Write a profile. To replace one, name its ETag in If-Match. Staff of the course may."""
    return await put(request, query.context, query.profile_id)


async def merge_profile(request: Request, query: Annotated[NamedActivityProfile, Query()]) -> Response:
    """Set the properties of a JSON object in the profile that is kept."""
    return await merge(request, query.context, query.profile_id)


async def remove_profile(request: Request, query: Annotated[NamedActivityProfile, Query()]) -> Response:
    """Remove a profile."""
    return await remove(request, query.context, query.profile_id)


_CHANGING = changing(_TAG)
add_reading_route(ACTIVITY_PROFILE, _PATH, read_profile, **reading("Read activity profiles", _TAG))
ACTIVITY_PROFILE.put(_PATH, summary="Write an activity profile", **_CHANGING, **WRITING)(put_profile)
ACTIVITY_PROFILE.post(_PATH, summary="Merge into an activity profile", **_CHANGING, **WRITING)(merge_profile)
ACTIVITY_PROFILE.delete(
    _PATH, summary="Remove an activity profile", **_CHANGING, status_code=204, response_class=Response
)(remove_profile)
