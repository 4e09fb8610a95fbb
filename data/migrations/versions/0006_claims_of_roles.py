"""What rosters say of a role and the days on which it holds: role_claims. An import fills it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "role_claims",
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("school_id", _ID, nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("over_on", sa.Date(), nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.CheckConstraint("over_on > begins_on", name=op.f("ck_role_claims_over_after_beginning")),
        sa.CheckConstraint(
            "role in ('student', 'teacher', 'parent', 'administrator')", name=op.f("ck_role_claims_role_known")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_role_claims_school_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_role_claims_user_id")),
        sa.PrimaryKeyConstraint("external_id", name=op.f("pk_role_claims")),
    )
    op.create_index(op.f("ix_role_claims_user_id"), "role_claims", ["user_id"])


def downgrade() -> None:
    op.drop_table("role_claims")
