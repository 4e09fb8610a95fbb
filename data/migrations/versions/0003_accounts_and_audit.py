"""The audit trail, and what signing in remembers: browsers, passwords that someone else chose, failed attempts."""

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Entries are added. They go once they are older than the school keeps them, and no other way.
_SQLITE_TRIGGERS = (
    """
    create trigger audit_entries_stay_as_they_are before update on audit_entries
    begin
        select raise(abort, 'entries of the audit trail are never changed');
    end
    """,
    """
    create trigger audit_entries_are_kept before delete on audit_entries
    when old.happened_at > (strftime('%s', 'now') - (select days from audit_keeping) * 86400) * 1000000
    begin
        select raise(abort, 'entries of the audit trail are kept for as long as the school has set');
    end
    """,
    # “insert or replace” deletes without asking the triggers of deletes
    """
    create trigger audit_entries_are_not_replaced before insert on audit_entries
    when new.id in (select id from audit_entries)
    begin
        select raise(abort, 'entries of the audit trail are never changed');
    end
    """,
)
_POSTGRESQL_TRIGGERS = (
    """
    create function audit_entries_are_kept() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' then
            if old.happened_at <= now() - (select days from audit_keeping) * interval '1 day' then
                return old;
            end if;
        end if;
        raise exception 'entries of the audit trail are never changed, and kept for as long as the school has set';
    end
    $$
    """,
    """
    create trigger audit_entries_are_kept before update or delete on audit_entries
    for each row execute function audit_entries_are_kept()
    """,
    """
    create trigger audit_entries_are_kept_together before truncate on audit_entries
    for each statement execute function audit_entries_are_kept()
    """,
)


def upgrade() -> None:
    _add_audit_trail()
    _add_to_sessions()
    _begin_attempts_anew()
    _add_known_browsers()
    _add_password_states()


def downgrade() -> None:
    raise NotImplementedError("An audit trail is not taken away. Restore a backup instead.")


def _add_audit_trail() -> None:
    op.create_table(
        "audit_keeping",
        sa.Column("id", _ID, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_keeping_one_row")),
        sa.CheckConstraint("days >= 30", name=op.f("ck_audit_keeping_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_keeping")),
    )
    op.execute("insert into audit_keeping (id, days) values (1, 400)")
    op.create_table(
        "audit_entries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("happened_at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("subject_id", _ID, nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["users.id"], name=op.f("fk_audit_entries_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    for column in ("happened_at", "kind", "actor_id", "subject_id"):
        op.create_index(op.f(f"ix_audit_entries_{column}"), "audit_entries", [column])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in _SQLITE_TRIGGERS if is_sqlite else _POSTGRESQL_TRIGGERS:
        op.execute(trigger)


def _add_to_sessions() -> None:
    for column in (
        sa.Column("last_seen_at", UtcTime(), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("failed_before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("sign_in_sessions", column)


def _begin_attempts_anew() -> None:
    """Attempts are kept for some minutes; those of the minutes before an upgrade are forgotten."""
    op.drop_table("sign_in_attempts")
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("attempted_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    for column in ("account", "address", "attempted_at"):
        op.create_index(op.f(f"ix_sign_in_attempts_{column}"), "sign_in_attempts", [column])


def _add_known_browsers() -> None:
    op.create_table(
        "known_browsers",
        sa.Column("mark_hash", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("last_signed_in_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_browsers_user_id")),
        sa.PrimaryKeyConstraint("mark_hash", "user_id", name=op.f("pk_known_browsers")),
    )
    for column in ("user_id", "last_signed_in_at"):
        op.create_index(op.f(f"ix_known_browsers_{column}"), "known_browsers", [column])


def _add_password_states() -> None:
    op.create_table(
        "password_states",
        sa.Column("user_id", _ID, autoincrement=False, nullable=False),
        sa.Column("must_be_changed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failed_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_failed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_states_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password_states")),
    )
