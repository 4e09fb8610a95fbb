"""Documents as rows: found in their place, written, removed. Who may do so, and with what, is not known here."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from data.models import XapiDocument
from data.record import Transaction
from progress.xapi.documents.contexts import Place

# In the lock space of two numbers, which nothing else uses.
_LOCK_OF_DOCUMENTS = 1


class Sent(NamedTuple):
    """What somebody sends as a document."""

    content_type: str
    content: bytes


class Document(NamedTuple):
    number: int
    name: str
    content_type: str
    content: bytes
    etag: str
    updated_at: datetime


class Listed(NamedTuple):
    """The names of documents, in their order, and when the newest of them was written; null where there are none."""

    names: list[str]
    updated_at: datetime | None


def lock_documents(tx: Transaction, place: Place) -> None:
    """One writer after the other in what an agent, or an activity, has: two cannot write the same new document."""
    if not tx.is_sqlite:
        owner = func.hashtext(place.agent or place.activity)
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK_OF_DOCUMENTS, owner)))


def find_document(connection: Connection, place: Place, name: str) -> Document | None:
    """The document of this name whose registration is the place's, or which has none where the place has none."""
    exactly = (XapiDocument.registration == (place.registration or ""), XapiDocument.name == name)
    # What was written when nobody here was known by the agent comes last.
    chosen = select(*_COLUMNS).where(_is_in(place), *exactly).order_by(XapiDocument.user_id.is_(None)).limit(1)
    row = connection.execute(chosen).one_or_none()
    return None if row is None else Document(*row)


def list_documents(connection: Connection, place: Place, since: datetime | None) -> Listed:
    """Those written after `since`; where the place has no registration, those of every registration."""
    columns = select(XapiDocument.name, XapiDocument.updated_at)
    rows = connection.execute(columns.where(*_all_in(place, since)).order_by(XapiDocument.name)).all()
    return Listed(list(dict.fromkeys(row.name for row in rows)), max((row.updated_at for row in rows), default=None))


def bytes_kept(connection: Connection, place: Place) -> int:
    """How much is kept of all that the place's agent has in all activities, or the activity in its profiles."""
    resources = ("state", "agent_profile") if place.agent else (place.resource,)
    owned = [XapiDocument.resource.in_(resources), XapiDocument.agent == place.agent]
    if not place.agent:
        owned.append(XapiDocument.activity == place.activity)
    total = select(func.coalesce(func.sum(XapiDocument.size_bytes), 0)).where(*owned)
    return int(connection.execute(total).scalar_one())


def store_document(tx: Transaction, place: Place, name: str, sent: Sent, replaced: Document | None, by: int) -> None:
    """Write a document, in the place of another one where there is one."""
    values: dict[str, Any] = {
        "user_id": place.user_id,
        "content_type": sent.content_type,
        "content": sent.content,
        "size_bytes": len(sent.content),
        "etag": hashlib.sha1(sent.content, usedforsecurity=False).hexdigest(),
        "updated_at": datetime.now(UTC),
        "recorded_by": by,
    }
    if replaced is not None:
        tx.execute(update(XapiDocument).where(XapiDocument.id == replaced.number).values(values))
        return
    key = {**place._asdict(), "registration": place.registration or "", "name": name}
    tx.execute(insert(XapiDocument).values(key | values))


def remove_document(tx: Transaction, document: Document) -> None:
    tx.execute(delete(XapiDocument).where(XapiDocument.id == document.number))


def remove_documents(tx: Transaction, place: Place, since: datetime | None) -> int:
    """Remove all that `list_documents` lists; returns how many they are."""
    return int(tx.execute(delete(XapiDocument).where(*_all_in(place, since))).rowcount)


_COLUMNS = (
    XapiDocument.id,
    XapiDocument.name,
    XapiDocument.content_type,
    XapiDocument.content,
    XapiDocument.etag,
    XapiDocument.updated_at,
)


def _is_in(place: Place) -> ColumnElement[bool]:
    """Whatever the agent's person is named otherwise: what another person wrote under the same address stays theirs."""
    return and_(
        XapiDocument.resource == place.resource,
        XapiDocument.agent == place.agent,
        XapiDocument.activity == place.activity,
        or_(XapiDocument.user_id.is_(None), XapiDocument.user_id == place.user_id),
    )


def _all_in(place: Place, since: datetime | None) -> list[ColumnElement[bool]]:
    conditions = [_is_in(place)]
    if place.registration is not None:
        conditions.append(XapiDocument.registration == place.registration)
    if since is not None:
        conditions.append(XapiDocument.updated_at > since)
    return conditions
