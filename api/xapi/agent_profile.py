"""`/xapi/agents/profile`: what players keep of a learner for all activities, such as preferences."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.xapi.documents import WRITING, WrittenAfter, changing, merge, put, read, reading, remove
from api.xapi.parameters import AgentJson, Name, agent_in
from api.xapi.route import StatementRoute, add_reading_route
from progress.xapi.documents.contexts import Context

AGENT_PROFILE = APIRouter(route_class=StatementRoute)
_PATH, _TAG = "/agents/profile", "Agent profile"


class AgentProfileOf(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    agent: AgentJson

    @property
    def context(self) -> Context:
        return Context("agent_profile", agent=agent_in(self.agent))


class NamedAgentProfile(AgentProfileOf):
    profile_id: Name = Field(alias="profileId")


class SomeAgentProfiles(WrittenAfter, AgentProfileOf):
    """One by its id; without an id all, or those written after `since`."""

    profile_id: Name | None = Field(None, alias="profileId")


async def read_profile(request: Request, query: Annotated[SomeAgentProfiles, Query()]) -> Response:
    """A profile of the learner, or the ids of all. Of learners whom you may see; of others there are none."""
    return await read(request, query.context, query.profile_id, query.written_after)


async def put_profile(request: Request, query: Annotated[NamedAgentProfile, Query()]) -> Response:
    """Write a profile. To replace one, name its ETag in If-Match. You may for those whose progress you may record."""
    return await put(request, query.context, query.profile_id)


async def merge_profile(request: Request, query: Annotated[NamedAgentProfile, Query()]) -> Response:
    """Set the properties of a JSON object in the profile that is kept."""
    return await merge(request, query.context, query.profile_id)


async def remove_profile(request: Request, query: Annotated[NamedAgentProfile, Query()]) -> Response:
    """Remove a profile."""
    return await remove(request, query.context, query.profile_id)


_CHANGING = changing(_TAG)
add_reading_route(AGENT_PROFILE, _PATH, read_profile, **reading("Read agent profiles", _TAG))
AGENT_PROFILE.put(_PATH, summary="Write an agent profile", **_CHANGING, **WRITING)(put_profile)
AGENT_PROFILE.post(_PATH, summary="Merge into an agent profile", **_CHANGING, **WRITING)(merge_profile)
AGENT_PROFILE.delete(_PATH, summary="Remove an agent profile", **_CHANGING, status_code=204, response_class=Response)(
    remove_profile
)
