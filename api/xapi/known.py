"""`/xapi/agents` and `/xapi/activities`: all that is known here of an agent, and of an activity."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.xapi.body import JSON, parse_strictly
from api.xapi.parameters import AgentJson, Iri
from api.xapi.route import StatementRoute, add_reading_route
from api.xapi.tagged import tagged_answer
from progress.xapi.record.activities import activity
from progress.xapi.record.persons import person

KNOWN = APIRouter(route_class=StatementRoute)


class AgentQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agent: AgentJson


class ActivityQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    activity_id: Iri = Field(alias="activityId")


async def read_agent(request: Request, query: Annotated[AgentQuery, Query()]) -> Response:
    """The agent as a Person, with all names and identifiers where you may see them; else with what you sent."""
    agent = parse_strictly(query.agent.encode())
    found = await run_in_threadpool(person, request.state.viewer, agent)
    return tagged_answer(request, orjson.dumps(found), JSON)


async def read_activity(request: Request, query: Annotated[ActivityQuery, Query()]) -> Response:
    """The activity with what statements that you may see say of it, in every language."""
    found = await run_in_threadpool(activity, request.state.viewer, query.activity_id)
    return tagged_answer(request, orjson.dumps(found), JSON)


add_reading_route(KNOWN, "/agents", read_agent, tags=["Agents"], summary="Read an agent", response_class=Response)
add_reading_route(
    KNOWN, "/activities", read_activity, tags=["Activities"], summary="Read an activity", response_class=Response
)
