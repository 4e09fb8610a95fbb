"""Documents that players keep here: bookmarks (states), and what they note of agents and activities. Not mirrored."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime, one_of

DOCUMENT_RESOURCES = ("state", "agent_profile", "activity_profile")


class XapiDocument(Base):
    """A document under its name, in the context of an activity, an agent, or both. What has no such part has "" there.

    `agent` is the agent's external id, `user_id` the learner whom it named when the document was written last; null
    where nobody here was known by it. `etag` is the SHA-1 of the content.
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
