"""Documents read, written, merged and removed on somebody's behalf, by the specification's rules of concurrency."""

from datetime import datetime
from typing import Any, NamedTuple

import orjson

from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.audit.reads import note_look
from progress.xapi.documents.contexts import Context, Place, place_to_read, place_to_write
from progress.xapi.documents.storing import (
    Document,
    Listed,
    Sent,
    bytes_kept,
    find_document,
    list_documents,
    lock_documents,
    remove_document,
    remove_documents,
    store_document,
)

LARGEST_DOCUMENT_BYTES = 1_000_000
MOST_BYTES_OF_AN_OWNER = 20_000_000
JSON_TYPE = "application/json"


class Conditions(NamedTuple):
    """ETags that a change names, `*` for any document; null where it names none."""

    if_match: frozenset[str] | None = None
    if_none_match: frozenset[str] | None = None


class PreconditionFailed(Exception):
    def __init__(self) -> None:
        super().__init__("The document is not as If-Match or If-None-Match say. Look at it again first.")


class DocumentExists(Exception):
    """A profile is replaced by nobody who does not say which one they mean."""

    def __init__(self) -> None:
        super().__init__(
            "There is such a document already. Look at it first, then name its ETag in If-Match to replace it."
        )


class NotMergeable(Exception):
    def __init__(self) -> None:
        super().__init__("POST merges JSON objects: both the document sent and the one kept have to be one.")


class NotJsonDocument(Exception):
    def __init__(self) -> None:
        super().__init__("The document is called application/json and is no JSON.")


class TooLarge(Exception):
    """The document, or all that its agent or activity would then have."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


def document(viewer: Viewer, context: Context, name: str) -> Document | None:
    """None where there is no such document, or where the viewer may not look."""
    with current_record().reading() as connection:
        place = place_to_read(connection, viewer, context)
        found = None if place is None else find_document(connection, place, name)
    _note(viewer, place)
    return found


def documents(viewer: Viewer, context: Context, since: datetime | None) -> Listed:
    """Empty where the viewer may not look."""
    with current_record().reading() as connection:
        place = place_to_read(connection, viewer, context)
        listed = Listed([], None) if place is None else list_documents(connection, place, since)
    _note(viewer, place)
    return listed


def put_document(viewer: Viewer, context: Context, name: str, sent: Sent, conditions: Conditions) -> None:
    """Write a document or replace it. Raises NotYourDocuments, PreconditionFailed, DocumentExists, NotJsonDocument and
    TooLarge; then nothing is changed.
    """
    with current_record().writing(by=viewer.user_id) as tx:
        place, kept = _kept(tx, viewer, context, name, conditions)
        if kept is not None and context.resource != "state" and conditions == Conditions():
            raise DocumentExists
        _store(tx, viewer, place, name, sent, kept)


def merge_document(viewer: Viewer, context: Context, name: str, sent: Sent, conditions: Conditions) -> None:
    """Set the properties of the JSON object that is sent in the one that is kept; without one it is written as sent.

    Raises NotMergeable too.
    """
    with current_record().writing(by=viewer.user_id) as tx:
        place, kept = _kept(tx, viewer, context, name, conditions)
        merged = sent if kept is None else _merged(kept, sent)
        _store(tx, viewer, place, name, merged, kept)


def delete_document(viewer: Viewer, context: Context, name: str, conditions: Conditions) -> None:
    """What is not there is not there afterwards. Raises NotYourDocuments and PreconditionFailed."""
    with current_record().writing(by=viewer.user_id) as tx:
        _, kept = _kept(tx, viewer, context, name, conditions)
        if kept is not None:
            remove_document(tx, kept)


def delete_documents(viewer: Viewer, context: Context, since: datetime | None) -> None:
    """Remove all that `documents` lists. Raises NotYourDocuments."""
    with current_record().writing(by=viewer.user_id) as tx:
        place = place_to_write(tx, viewer, context)
        lock_documents(tx, place)
        remove_documents(tx, place, since)


def _kept(
    tx: Transaction, viewer: Viewer, context: Context, name: str, conditions: Conditions
) -> tuple[Place, Document | None]:
    """Where the document is to be written, and what is there, as the sender knows it."""
    place = place_to_write(tx, viewer, context)
    lock_documents(tx, place)
    kept = find_document(tx.connection, place, name)
    holds = {"*", kept.etag} if kept else set[str]()
    if conditions.if_match is not None and not conditions.if_match & holds:
        raise PreconditionFailed
    if conditions.if_none_match is not None and conditions.if_none_match & holds:
        raise PreconditionFailed
    return place, kept


def _store(
    tx: Transaction, viewer: Viewer, place: Place, name: str, sent: Sent, kept: Document | None
) -> None:  # fmt: skip
    if is_json(sent.content_type) and _value(sent.content) is _NO_JSON:
        raise NotJsonDocument
    if len(sent.content) > LARGEST_DOCUMENT_BYTES:
        raise TooLarge(f"A document may have at most {LARGEST_DOCUMENT_BYTES:,} bytes.")
    before = len(kept.content) if kept else 0
    if bytes_kept(tx.connection, place) - before + len(sent.content) > MOST_BYTES_OF_AN_OWNER:
        owner = "an agent" if place.agent else "an activity"
        raise TooLarge(f"All documents of {owner} may have at most {MOST_BYTES_OF_AN_OWNER:,} bytes together.")
    store_document(tx, place, name, sent, kept, viewer.user_id)


def _merged(kept: Document, sent: Sent) -> Sent:
    are_json = is_json(kept.content_type) and is_json(sent.content_type)
    before, changed = _value(kept.content), _value(sent.content)
    if not (are_json and isinstance(before, dict) and isinstance(changed, dict)):
        raise NotMergeable
    return Sent(kept.content_type, orjson.dumps(before | changed))


def is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == JSON_TYPE


_NO_JSON = object()


def _value(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _NO_JSON


def _note(viewer: Viewer, place: Place | None) -> None:
    """An administrator who reads what a learner's players keep has looked that learner up."""
    if place is not None and place.user_id is not None:
        note_look(viewer, place.user_id)
