"""Data of attachments in the record: kept once by its hash, given out with the statements that it came with."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from data.bulk import matches_any
from data.models import XapiAttached, XapiAttachment, XapiStatement
from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.xapi.record.finding import FoundStatement, FoundStatements
from progress.xapi.record.judging import StatementRefused
from progress.xapi.statement.attachments import SIGNATURE, Data, attachments_of, hash_of
from progress.xapi.statement.incoming import Incoming

MOST_BYTES_OF_A_SENDER = 200_000_000
MOST_BYTES_OF_AN_ANSWER = 32_000_000


class TooMuchAttached(StatementRefused):
    def __init__(self) -> None:
        super().__init__(f"All attachments that you sent may have at most {MOST_BYTES_OF_A_SENDER:,} bytes together.")


def store_attachments(
    tx: Transaction, items: Sequence[Incoming], received: Mapping[str, Data], viewer: Viewer, stored_at: datetime
) -> None:
    """Keep the data that came along with statements which are stored by now. Raises TooMuchAttached."""
    wanted = {sha2 for item in items for sha2 in item.attached}
    if not wanted:
        return
    for sha2 in sorted(wanted - _numbers(tx, wanted).keys()):
        _store(tx, received[sha2], viewer, stored_at)
    if not viewer.sees_everyone and _bytes_of(tx, viewer) > MOST_BYTES_OF_A_SENDER:
        raise TooMuchAttached
    attached, numbers = _numbers(tx, wanted), _numbers_of_statements(tx, items)
    rows = [
        {"statement_number": numbers[item.id], "attachment_id": attached[sha2]}
        for item in items
        for sha2 in item.attached
    ]
    tx.execute(insert(XapiAttached), rows)


def with_attachments(page: FoundStatements) -> tuple[FoundStatements, list[Data]]:
    """The page and the data that came with its statements, each once; cut where an answer would get too large.

    A signature holds the whole statement, so it is given to nobody from whom a part of the statement is withheld.
    """
    with current_record().reading() as connection:
        sizes = _sizes(connection, page.statements)
        found, chosen, total = list[FoundStatement](), dict[str, str](), 0
        for each in page.statements:
            types = _types_given(each, sizes)
            total += sum(sizes[each.number][sha2] for sha2 in types.keys() - chosen.keys())
            if found and total > MOST_BYTES_OF_AN_ANSWER:
                break
            found.append(each)
            chosen |= types
        data = _data(connection, chosen)
    is_cut = len(found) < len(page.statements)
    return FoundStatements(found, found[-1].number if is_cut else page.next_after), data


def _store(tx: Transaction, data: Data, viewer: Viewer, stored_at: datetime) -> None:
    values = {"sha2": data.sha2, "size_bytes": len(data.content), "content": data.content, "stored_at": stored_at}
    tx.execute(insert(XapiAttachment).values(recorded_by=viewer.user_id, **values))


def _bytes_of(tx: Transaction, viewer: Viewer) -> int:
    total = select(func.coalesce(func.sum(XapiAttachment.size_bytes), 0))
    return int(tx.execute(total.where(XapiAttachment.recorded_by == viewer.user_id)).scalar_one())


def _numbers(tx: Transaction, hashes: set[str]) -> dict[str, int]:
    kept = select(XapiAttachment.sha2, XapiAttachment.id).where(matches_any(tx, XapiAttachment.sha2, sorted(hashes)))
    return dict(tx.execute(kept).all())


def _numbers_of_statements(tx: Transaction, items: Sequence[Incoming]) -> dict[str, int]:
    ids = [item.id for item in items if item.attached]
    named = select(XapiStatement.statement_id, XapiStatement.id).where(matches_any(tx, XapiStatement.statement_id, ids))
    return dict(tx.execute(named).all())


def _sizes(connection: Connection, found: Sequence[FoundStatement]) -> dict[int, dict[str, int]]:
    """What came with each statement: how many bytes, by their hash."""
    numbers = [each.number for each in found]
    came = (
        select(XapiAttached.statement_number, XapiAttachment.sha2, XapiAttachment.size_bytes)
        .join(XapiAttachment, XapiAttachment.id == XapiAttached.attachment_id)
        .where(XapiAttached.statement_number.in_(numbers))
    )
    sizes: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for row in connection.execute(came):
        sizes[row.statement_number][row.sha2] = row.size_bytes
    return sizes


def _types_given(found: FoundStatement, sizes: Mapping[int, Mapping[str, int]]) -> dict[str, str]:
    """The content types of what the reader is given of a statement's attachments, by their hash."""
    return {
        hash_of(attachment): attachment["contentType"]
        for attachment in attachments_of(found.statement)
        if hash_of(attachment) in sizes[found.number]
        and (found.is_whole or attachment["usageType"] != SIGNATURE)
    }  # fmt: skip


def _data(connection: Connection, types: Mapping[str, str]) -> list[Data]:
    chosen = select(XapiAttachment.sha2, XapiAttachment.content).where(XapiAttachment.sha2.in_(sorted(types)))
    content = dict(connection.execute(chosen).all())
    return [Data(sha2, content_type, content[sha2]) for sha2, content_type in types.items()]
