"""What players store apart from statements: documents (bookmarks, profiles) and attachments' data. Not mirrored."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import CLUSTERED, Base, BigId, UtcTime, one_of

DOCUMENT_RESOURCES = ("state", "agent_profile", "activity_profile")


class XapiDocument(Base):
    """A named document that belongs to an activity, an agent, or both; the absent one is "".

    `agent` is the agent's external id, `user_id` the learner whom it named when the document was last written, null if
    it was unknown here. `etag` is the SHA-1 of the content.
    """

    __tablename__ = "xapi_documents"
    __table_args__ = (
        one_of("resource", DOCUMENT_RESOURCES),
        UniqueConstraint("resource", "agent", "activity", "registration", "name", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resource: Mapped[str]
    agent: Mapped[str]
    activity: Mapped[str]
    registration: Mapped[str]
    name: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    etag: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class XapiAttachment(Base):
    """The data of attachments, each once by its SHA-2 hash, however often it is sent. `recorded_by` sent it first."""

    __tablename__ = "xapi_attachments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sha2: Mapped[str] = mapped_column(unique=True)
    size_bytes: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class XapiAttached(Base):
    """With which statements the data came along: to name its hash in a statement of one's own gives nobody the data."""

    __tablename__ = "xapi_attached"
    __table_args__ = (CLUSTERED,)

    statement_number: Mapped[int] = mapped_column(ForeignKey("xapi_statements.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("xapi_attachments.id"), primary_key=True)
