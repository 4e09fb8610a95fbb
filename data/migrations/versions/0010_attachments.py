"""Data of attachments, each once by its hash (xapi_attachments), and of which statements it is (xapi_attached)."""

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "xapi_attachments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("sha2", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_xapi_attachments_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_attachments")),
        sa.UniqueConstraint("sha2", name=op.f("uq_xapi_attachments_sha2")),
    )
    op.create_index(op.f("ix_xapi_attachments_recorded_by"), "xapi_attachments", ["recorded_by"])
    op.create_table(
        "xapi_attached",
        sa.Column("statement_number", _ID, nullable=False),
        sa.Column("attachment_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["xapi_attachments.id"], name=op.f("fk_xapi_attached_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_number"], ["xapi_statements.id"], name=op.f("fk_xapi_attached_statement_number")
        ),
        sa.PrimaryKeyConstraint("statement_number", "attachment_id", name=op.f("pk_xapi_attached")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("xapi_attached")
    op.drop_table("xapi_attachments")
