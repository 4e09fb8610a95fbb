"""`/xapi/activities/state`: what a player keeps for one learner in one activity, such as a bookmark."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.xapi.documents import WRITING, WrittenAfter, changing, merge, put, read, reading, remove
from api.xapi.parameters import AgentJson, Iri, Name, Uuid, agent_in
from api.xapi.route import StatementRoute, add_reading_route
from progress.xapi.documents.contexts import Context

STATE = APIRouter(route_class=StatementRoute)
_PATH, _TAG = "/activities/state", "State"


class StateOf(BaseModel):
    """The activity and the learner, and the registration where there is one."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    activity_id: Iri = Field(alias="activityId")
    agent: AgentJson
    registration: Uuid | None = None

    @property
    def context(self) -> Context:
        return Context("state", self.activity_id, agent_in(self.agent), self.registration)


class NamedState(StateOf):
    state_id: Name = Field(alias="stateId")


class SomeStates(WrittenAfter, StateOf):
    """One by its id; without an id all, of every registration unless one is named, or those written after `since`."""

    state_id: Name | None = Field(None, alias="stateId")


async def read_state(request: Request, query: Annotated[SomeStates, Query()]) -> Response:
    """A state, or the ids of all. Of learners whom you may see; of others there are none."""
    return await read(request, query.context, query.state_id, query.written_after)


async def put_state(request: Request, query: Annotated[NamedState, Query()]) -> Response:
    """Write a state, or replace it. You may for those whose progress you may record."""
    return await put(request, query.context, query.state_id)


async def merge_state(request: Request, query: Annotated[NamedState, Query()]) -> Response:
    """Set the properties of a JSON object in the state that is kept."""
    return await merge(request, query.context, query.state_id)


async def remove_state(request: Request, query: Annotated[SomeStates, Query()]) -> Response:
    """Remove a state, or all."""
    return await remove(request, query.context, query.state_id, query.written_after)


_CHANGING = changing(_TAG)
add_reading_route(STATE, _PATH, read_state, **reading("Read states", _TAG))
STATE.put(_PATH, summary="Write a state", **_CHANGING, **WRITING)(put_state)
STATE.post(_PATH, summary="Merge into a state", **_CHANGING, **WRITING)(merge_state)
STATE.delete(_PATH, summary="Remove states", **_CHANGING, status_code=204, response_class=Response)(remove_state)
