"""Every write transaction leaves a mark; a restored copy lacks those that came after it."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The mark that the record starts with, so that it always has one.
_FIRST = {
    "sqlite": "select change_number, :mark, change_number from record_info",
    "postgresql": "select pg_current_xact_id()::text::bigint, :mark, pg_current_xact_id()::text::bigint",
}


def upgrade() -> None:
    op.create_table(
        "transaction_marks",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("oldest_running", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", "mark", name=op.f("pk_transaction_marks")),
        sqlite_with_rowid=False,
    )
    first = _FIRST[op.get_context().dialect.name]
    insert = sa.text(f"insert into transaction_marks (number, mark, oldest_running) {first}")
    op.execute(insert.bindparams(mark=secrets.randbits(62)))


def downgrade() -> None:
    op.drop_table("transaction_marks")
