"""The context in which a document lies, and who may look into it and write there: the one check of every document."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from data.models import Course, Enrolment, Module, SchoolClass
from data.record import Transaction
from data.viewer import Viewer
from progress.people.access import authority, taught_pairs
from progress.xapi.record.directory import learner_named
from progress.xapi.statement.actors import Actor

_LONGEST_ACTIVITY, _LONGEST_AGENT = 1_000, 800

Resource = Literal["state", "agent_profile", "activity_profile"]


@dataclass(frozen=True)
class Context:
    """What a request names. A state has an activity and an agent, each of the profiles one of the two."""

    resource: Resource
    activity: str = ""
    agent: Actor | None = None
    registration: str | None = None


class Place(NamedTuple):
    """A context that somebody may use. `user_id` is the learner whom the agent is, null where nobody here is."""

    resource: Resource
    agent: str
    activity: str
    registration: str | None
    user_id: int | None


class NotYourDocuments(Exception):
    """The same for what does not exist and for what the sender may not know of."""

    def __init__(self) -> None:
        super().__init__("There is no such learner or activity among those for whom you may keep documents.")


class NameTooLong(ValueError):
    """PostgreSQL has no place for it in its indexes."""

    def __init__(self, name: str, longest: int) -> None:
        super().__init__(f"“{name[:40]}…” is longer than {longest} bytes, which no name of a document's place may be.")


def place_to_read(connection: Connection, viewer: Viewer, context: Context) -> Place | None:
    """None where the viewer may not look, which is to be answered as if nothing were there.

    Who sees a learner sees their documents; who sees a learner or a class of a course sees its activities'.
    """
    place = _place(connection, context)
    if viewer.sees_everyone:
        return place
    if context.agent is not None:
        return place if place.user_id is not None and viewer.may_see(place.user_id) else None
    return place if _is_in_their_courses(connection, viewer, context.activity) else None


def place_to_write(tx: Transaction, viewer: Viewer, context: Context) -> Place:
    """Who may record a learner's progress may write their documents, and staff of its course an activity's.

    Raises NotYourDocuments, and NameTooLong.
    """
    for name, longest in ((context.activity, _LONGEST_ACTIVITY), (_name_of(context.agent), _LONGEST_AGENT)):
        if len(name.encode()) > longest:
            raise NameTooLong(name, longest)
    place = _place(tx.connection, context)
    if not (viewer.sees_everyone or _may_write(tx, viewer, context, place)):
        raise NotYourDocuments
    return place


def _may_write(tx: Transaction, viewer: Viewer, context: Context, place: Place) -> bool:
    if context.agent is None:
        return _is_taught_by(tx.connection, viewer, context.activity)
    if place.user_id is None:
        return False
    return authority(viewer, place.user_id, bool(taught_pairs(tx, viewer, [place.user_id]))) is not None


def _place(connection: Connection, context: Context) -> Place:
    agent = context.agent
    user_id = None if agent is None else learner_named(connection, agent)
    return Place(context.resource, _name_of(agent), context.activity, context.registration, user_id)


def _name_of(agent: Actor | None) -> str:
    return "" if agent is None else agent.external_id or ""


def _is_in_their_courses(connection: Connection, viewer: Viewer, activity: str) -> bool:
    learns = exists().where(
        Enrolment.course_id == Course.id, Enrolment.user_id.in_(sorted(viewer.learner_ids))
    )  # fmt: skip
    seen = or_(learns, _has_class(viewer))
    return connection.execute(select(Course.id).where(_is_of(activity), seen).limit(1)).first() is not None


def _is_taught_by(connection: Connection, viewer: Viewer, activity: str) -> bool:
    taught = select(Course.id).where(_is_of(activity), _has_class(viewer)).limit(1)
    return connection.execute(taught).first() is not None


def _is_of(activity: str) -> ColumnElement[bool]:
    """Whether the activity is the course or one of its modules."""
    module = exists().where(Module.course_id == Course.id, Module.external_id == activity)
    return or_(Course.external_id == activity, module)


def _has_class(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(SchoolClass.course_id == Course.id, SchoolClass.id.in_(viewer.class_ids))
