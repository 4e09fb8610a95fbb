"""Brings a record that an earlier text of 0001 made to the shape that 0001 has now.

0001 was edited three times after records had been made by it. Each step looks at what the record has, and adds what it
lacks; in a record that today's 0001 made, there is nothing to do.
"""

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_VOIDED = "http://adlnet.gov/xapi/verbs/voided"


def upgrade() -> None:
    had = _columns()
    _complete_schools(had["schools"])
    _complete_courses(had["courses"])
    _add_to("classes", had["classes"], sa.Column("ended_at", UtcTime(), nullable=True))
    _add_to("modules", had["modules"], sa.Column("media_url", sa.String(), nullable=True))
    _add_calendar(had)
    _add_tokens(had)
    _add_completion_rules(had)
    _add_statements(had)
    if had != _columns():
        op.execute("update record_info set mirror_epoch = mirror_epoch + 1")


def downgrade() -> None:
    """0001 as it is now makes the same tables."""


def _columns() -> dict[str, set[str]]:
    found = sa.inspect(op.get_bind())
    return {table: {column["name"] for column in found.get_columns(table)} for table in found.get_table_names()}


def _add_to(table: str, had: set[str], *columns: "sa.Column[object]") -> None:
    for column in columns:
        if column.name not in had:
            op.add_column(table, column)


def _complete_schools(had: set[str]) -> None:
    with op.batch_alter_table("schools") as schools:
        if "kind" in had:
            schools.alter_column("kind", existing_type=sa.String(), server_default="school")
            return
        schools.add_column(sa.Column("kind", sa.String(), server_default="school", nullable=False))
        schools.add_column(sa.Column("parent_id", _ID, nullable=True))
        schools.add_column(sa.Column("ended_at", UtcTime(), nullable=True))
        schools.create_check_constraint(op.f("ck_schools_not_its_own_parent"), "parent_id <> id")
        schools.create_foreign_key(op.f("fk_schools_parent_id"), "schools", ["parent_id"], ["id"])


def _complete_courses(had: set[str]) -> None:
    with op.batch_alter_table("courses") as courses:
        if "provisions_xapi" in had:
            courses.alter_column("provisions_xapi", existing_type=sa.Boolean(), server_default=sa.false())
            return
        courses.add_column(sa.Column("provisions_xapi", sa.Boolean(), server_default=sa.false(), nullable=False))
        courses.add_column(sa.Column("ended_at", UtcTime(), nullable=True))


def _add_calendar(had: dict[str, set[str]]) -> None:
    if "academic_sessions" in had:
        return
    op.create_table(
        "academic_sessions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("school_year", sa.String(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_academic_sessions_ends_after_start")),
        sa.ForeignKeyConstraint(["parent_id"], ["academic_sessions.id"], name=op.f("fk_academic_sessions_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_academic_sessions")),
        sa.UniqueConstraint("external_id", name=op.f("uq_academic_sessions_external_id")),
    )
    op.create_index(op.f("ix_academic_sessions_changed_in"), "academic_sessions", ["changed_in"], unique=False)
    op.create_table(
        "class_sessions",
        sa.Column("class_id", _ID, nullable=False),
        sa.Column("academic_session_id", _ID, nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["academic_session_id"], ["academic_sessions.id"], name=op.f("fk_class_sessions_academic_session_id")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_sessions_class_id")),
        sa.PrimaryKeyConstraint("class_id", "academic_session_id", name=op.f("pk_class_sessions")),
    )
    op.create_index(op.f("ix_class_sessions_changed_in"), "class_sessions", ["changed_in"], unique=False)


def _add_tokens(had: dict[str, set[str]]) -> None:
    if "access_tokens" in had:
        return
    op.create_table(
        "access_tokens",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("last_used_at", UtcTime(), nullable=True),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_access_tokens_expires_after_creation")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_access_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_tokens_token_hash")),
    )
    op.create_index(op.f("ix_access_tokens_user_id"), "access_tokens", ["user_id"], unique=False)


def _add_completion_rules(had: dict[str, set[str]]) -> None:
    if "course_completion_rules" in had:
        return
    op.create_table(
        "course_completion_rules",
        sa.Column("course_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lecture_share", sa.Double(), nullable=True),
        sa.Column("minimum_score", sa.Double(), nullable=True),
        sa.Column("completes_by_units", sa.Boolean(), nullable=False),
        sa.Column("applies_from", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by", _ID, nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "lecture_share > 0 and lecture_share <= 1", name=op.f("ck_course_completion_rules_lecture_share_is_share")
        ),
        sa.CheckConstraint(
            "minimum_score between 0 and 100", name=op.f("ck_course_completion_rules_minimum_score_is_percentage")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_course_completion_rules_version_from_one")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_completion_rules_course_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_course_completion_rules_created_by")),
        sa.PrimaryKeyConstraint("course_id", "version", name=op.f("pk_course_completion_rules")),
    )
    op.create_index(
        op.f("ix_course_completion_rules_changed_in"), "course_completion_rules", ["changed_in"], unique=False
    )
    op.create_table(
        "course_key_assignments",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("module_id", _ID, nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("needs in ('submitted', 'passed')", name=op.f("ck_course_key_assignments_needs_known")),
        sa.ForeignKeyConstraint(
            ["course_id", "version"],
            ["course_completion_rules.course_id", "course_completion_rules.version"],
            name=op.f("fk_course_key_assignments_course_id_version"),
        ),
        sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_course_key_assignments_module_id")),
        sa.PrimaryKeyConstraint("course_id", "version", "module_id", name=op.f("pk_course_key_assignments")),
    )
    op.create_index(
        op.f("ix_course_key_assignments_changed_in"), "course_key_assignments", ["changed_in"], unique=False
    )


def _add_statements(had: dict[str, set[str]]) -> None:
    if "xapi_actors" in had:
        return
    op.create_table(
        "xapi_actors",
        sa.Column("id", _ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("user_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_xapi_actors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_actors")),
        sa.UniqueConstraint("external_id", "user_id", name=op.f("uq_xapi_actors_external_id_user_id")),
    )
    op.create_index(op.f("ix_xapi_actors_user_id"), "xapi_actors", ["user_id"], unique=False)
    if "xapi_statements" in had:
        _move_actors_out_of_statements()
    else:
        _create_statements()
    op.create_index(op.f("ix_xapi_statements_actor_id_id"), "xapi_statements", ["actor_id", "id"], unique=False)
    is_voiding = sa.text("voids is not null")
    op.create_index(
        op.f("ix_xapi_statements_voids"),
        "xapi_statements",
        ["voids"],
        unique=False,
        sqlite_where=is_voiding,
        postgresql_where=is_voiding,
    )


def _create_statements() -> None:
    op.create_table(
        "xapi_statements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("actor_id", _ID, nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=True),
        sa.Column("voids", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("happened_at", UtcTime(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=True),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome in ('recorded', 'ignored')", name=op.f("ck_xapi_statements_outcome_known")),
        sa.ForeignKeyConstraint(["actor_id"], ["xapi_actors.id"], name=op.f("fk_xapi_statements_actor_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_xapi_statements_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_statements")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_xapi_statements_statement_id")),
    )
    op.create_index(op.f("ix_xapi_statements_activity_id"), "xapi_statements", ["activity", "id"], unique=False)
    op.create_index(op.f("ix_xapi_statements_stored_at"), "xapi_statements", ["stored_at"], unique=False)


def _move_actors_out_of_statements() -> None:
    op.add_column("xapi_statements", sa.Column("actor_id", _ID, nullable=True))
    op.add_column("xapi_statements", sa.Column("voids", sa.String(), nullable=True))
    op.execute(
        "insert into xapi_actors (external_id, user_id)"
        " select actor, user_id from xapi_statements group by actor, user_id order by min(id)"
    )
    op.execute(
        "update xapi_statements set actor_id = known.id from xapi_actors known"
        " where coalesce(known.external_id, '') = coalesce(xapi_statements.actor, '')"
        " and coalesce(known.user_id, 0) = coalesce(xapi_statements.user_id, 0)"
    )
    op.execute(f"update xapi_statements set voids = activity where verb = '{_VOIDED}'")
    op.drop_index(op.f("ix_xapi_statements_actor_id"), table_name="xapi_statements")
    op.drop_index(op.f("ix_xapi_statements_user_id"), table_name="xapi_statements")
    with op.batch_alter_table("xapi_statements") as statements:
        statements.drop_constraint(op.f("fk_xapi_statements_user_id"), type_="foreignkey")
        statements.drop_column("user_id")
        statements.drop_column("actor")
        statements.alter_column("actor_id", existing_type=_ID, nullable=False)
        statements.create_foreign_key(op.f("fk_xapi_statements_actor_id"), "xapi_actors", ["actor_id"], ["id"])
