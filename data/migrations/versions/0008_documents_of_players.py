"""Documents of xAPI: states, agent profiles and activity profiles (xapi_documents)."""

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ["resource", "agent", "activity", "registration", "name", "user_id"]


def upgrade() -> None:
    op.create_table(
        "xapi_documents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("registration", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "resource in ('state', 'agent_profile', 'activity_profile')", name=op.f("ck_xapi_documents_resource_known")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_xapi_documents_recorded_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_xapi_documents_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_documents")),
        sa.UniqueConstraint(*_KEY, name=op.f(f"uq_xapi_documents_{'_'.join(_KEY)}")),
    )
    op.create_index(op.f("ix_xapi_documents_user_id"), "xapi_documents", ["user_id"])


def downgrade() -> None:
    op.drop_table("xapi_documents")
