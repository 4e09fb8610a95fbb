"""the record."""

import uuid

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "academic_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
        "record_info",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_uuid", sa.String(), nullable=False),
        sa.Column("change_number", sa.BigInteger(), nullable=False),
        sa.Column("structure_number", sa.BigInteger(), nullable=False),
        sa.Column("mirror_epoch", sa.BigInteger(), nullable=False),
        sa.Column("sample_loaded_at", UtcTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_record_info_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_info")),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), server_default="school", nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_schools_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["schools.id"], name=op.f("fk_schools_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("external_id", name=op.f("uq_schools_external_id")),
    )
    op.create_index(op.f("ix_schools_changed_in"), "schools", ["changed_in"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("attempted_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_address"), "sign_in_attempts", ["address"], unique=False)
    op.create_index(op.f("ix_sign_in_attempts_attempted_at"), "sign_in_attempts", ["attempted_at"], unique=False)
    op.create_index(op.f("ix_sign_in_attempts_username"), "sign_in_attempts", ["username"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("provisions_xapi", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_courses_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("external_id", name=op.f("uq_courses_external_id")),
    )
    op.create_index(op.f("ix_courses_changed_in"), "courses", ["changed_in"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_users_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("external_id", name=op.f("uq_users_external_id")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_index(op.f("ix_users_changed_in"), "users", ["changed_in"], unique=False)

    op.create_table(
        "access_tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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

    op.create_table(
        "classes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_classes_course_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_classes_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("external_id", name=op.f("uq_classes_external_id")),
    )
    op.create_index(op.f("ix_classes_changed_in"), "classes", ["changed_in"], unique=False)
    op.create_index(op.f("ix_classes_course_id"), "classes", ["course_id"], unique=False)

    op.create_table(
        "course_completion_rules",
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lecture_share", sa.Double(), nullable=True),
        sa.Column("minimum_score", sa.Double(), nullable=True),
        sa.Column("completes_by_units", sa.Boolean(), nullable=False),
        sa.Column("applies_from", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
        "course_progress",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("completion_percentage", sa.Double(), nullable=True),
        sa.Column("completed_units_count", sa.Integer(), nullable=False),
        sa.Column("total_units", sa.Integer(), nullable=False),
        sa.Column("completed_modules_count", sa.Integer(), nullable=False),
        sa.Column("total_modules", sa.Integer(), nullable=False),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("last_completed_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(completion_percentage is null) = (total_units = 0)",
            name=op.f("ck_course_progress_empty_has_no_percentage"),
        ),
        sa.CheckConstraint(
            "0 <= completed_modules_count and completed_modules_count <= total_modules",
            name=op.f("ck_course_progress_completed_modules_count_within_total"),
        ),
        sa.CheckConstraint(
            "0 <= completed_units_count and completed_units_count <= total_units",
            name=op.f("ck_course_progress_completed_units_count_within_total"),
        ),
        sa.CheckConstraint(
            "completion_percentage between 0 and 100", name=op.f("ck_course_progress_percentage_in_range")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_progress_course_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_course_progress_user_id")),
        sa.PrimaryKeyConstraint("user_id", "course_id", name=op.f("pk_course_progress")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_course_progress_changed_in"), "course_progress", ["changed_in"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("enrolled_at", UtcTime(), nullable=False),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("completed_by", sa.String(), nullable=True),
        sa.Column("dropped_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at is not null)", name=op.f("ck_enrolments_completed_has_date")
        ),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_by is not null)", name=op.f("ck_enrolments_completed_has_origin")
        ),
        sa.CheckConstraint(
            "(status = 'dropped') = (dropped_at is not null)", name=op.f("ck_enrolments_dropped_has_date")
        ),
        sa.CheckConstraint("completed_by in ('roll-up', 'source')", name=op.f("ck_enrolments_completed_by_known")),
        sa.CheckConstraint("status in ('active', 'completed', 'dropped')", name=op.f("ck_enrolments_status_known")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_enrolments_course_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_enrolments_user_id")),
        sa.PrimaryKeyConstraint("user_id", "course_id", name=op.f("pk_enrolments")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_enrolments_changed_in"), "enrolments", ["changed_in"], unique=False)
    op.create_index(op.f("ix_enrolments_course_id"), "enrolments", ["course_id"], unique=False)

    op.create_table(
        "guardians",
        sa.Column("guardian_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("guardian_id <> learner_id", name=op.f("ck_guardians_not_self")),
        sa.ForeignKeyConstraint(["guardian_id"], ["users.id"], name=op.f("fk_guardians_guardian_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["users.id"], name=op.f("fk_guardians_learner_id")),
        sa.PrimaryKeyConstraint("guardian_id", "learner_id", name=op.f("pk_guardians")),
    )
    op.create_index(op.f("ix_guardians_changed_in"), "guardians", ["changed_in"], unique=False)
    op.create_index(op.f("ix_guardians_learner_id"), "guardians", ["learner_id"], unique=False)

    op.create_table(
        "sign_in_sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_sessions")),
    )
    op.create_index(op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_in_sessions_user_id"), "sign_in_sessions", ["user_id"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_units_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("course_id", "external_id", name=op.f("uq_units_course_id_external_id")),
    )
    op.create_index(op.f("ix_units_changed_in"), "units", ["changed_in"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role in ('student', 'teacher', 'parent', 'administrator')", name=op.f("ck_user_roles_role_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_index(op.f("ix_user_roles_changed_in"), "user_roles", ["changed_in"], unique=False)

    op.create_table(
        "xapi_actors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_xapi_actors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_actors")),
        sa.UniqueConstraint("external_id", "user_id", name=op.f("uq_xapi_actors_external_id_user_id")),
    )
    op.create_index(op.f("ix_xapi_actors_user_id"), "xapi_actors", ["user_id"], unique=False)

    op.create_table(
        "xapi_statements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=True),
        sa.Column("voids", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("happened_at", UtcTime(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome in ('recorded', 'ignored')", name=op.f("ck_xapi_statements_outcome_known")),
        sa.ForeignKeyConstraint(["actor_id"], ["xapi_actors.id"], name=op.f("fk_xapi_statements_actor_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_xapi_statements_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_statements")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_xapi_statements_statement_id")),
    )
    op.create_index(op.f("ix_xapi_statements_activity_id"), "xapi_statements", ["activity", "id"], unique=False)
    op.create_index(op.f("ix_xapi_statements_actor_id_id"), "xapi_statements", ["actor_id", "id"], unique=False)
    op.create_index(op.f("ix_xapi_statements_stored_at"), "xapi_statements", ["stored_at"], unique=False)
    op.create_index(
        op.f("ix_xapi_statements_voids"),
        "xapi_statements",
        ["voids"],
        unique=False,
        sqlite_where=sa.text("voids is not null"),
        postgresql_where=sa.text("voids is not null"),
    )

    op.create_table(
        "class_learners",
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_learners_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_class_learners_user_id")),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_class_learners")),
    )
    op.create_index(op.f("ix_class_learners_changed_in"), "class_learners", ["changed_in"], unique=False)
    op.create_index(op.f("ix_class_learners_user_id"), "class_learners", ["user_id"], unique=False)

    op.create_table(
        "class_sessions",
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("academic_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["academic_session_id"], ["academic_sessions.id"], name=op.f("fk_class_sessions_academic_session_id")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_sessions_class_id")),
        sa.PrimaryKeyConstraint("class_id", "academic_session_id", name=op.f("pk_class_sessions")),
    )
    op.create_index(op.f("ix_class_sessions_changed_in"), "class_sessions", ["changed_in"], unique=False)

    op.create_table(
        "class_teachers",
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_teachers_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_class_teachers_user_id")),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_class_teachers")),
    )
    op.create_index(op.f("ix_class_teachers_changed_in"), "class_teachers", ["changed_in"], unique=False)
    op.create_index(op.f("ix_class_teachers_user_id"), "class_teachers", ["user_id"], unique=False)

    op.create_table(
        "modules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("duration_seconds", sa.Double(), nullable=True),
        sa.Column("media_url", sa.String(), nullable=True),
        sa.Column("pass_mark", sa.Double(), nullable=True),
        sa.Column("completion_rule", sa.String(), nullable=False),
        sa.Column("score_rule", sa.String(), nullable=False),
        sa.Column("watched_threshold", sa.Double(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=True),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "completion_rule <> 'passed' or pass_mark is not null", name=op.f("ck_modules_passed_has_pass_mark")
        ),
        sa.CheckConstraint(
            "completion_rule <> 'watched' or duration_seconds > 0", name=op.f("ck_modules_watched_has_duration")
        ),
        sa.CheckConstraint(
            "completion_rule in ('viewed', 'watched', 'submitted', 'passed', 'manual')",
            name=op.f("ck_modules_completion_rule_known"),
        ),
        sa.CheckConstraint("kind <> 'lecture' or duration_seconds > 0", name=op.f("ck_modules_lecture_has_duration")),
        sa.CheckConstraint(
            "kind in ('lecture', 'reading', 'assignment', 'quiz', 'exam', 'activity')",
            name=op.f("ck_modules_kind_known"),
        ),
        sa.CheckConstraint("score_rule in ('best', 'latest')", name=op.f("ck_modules_score_rule_known")),
        sa.CheckConstraint("pass_mark between 0 and 100", name=op.f("ck_modules_pass_mark_is_percentage")),
        sa.CheckConstraint(
            "watched_threshold > 0 and watched_threshold <= 1", name=op.f("ck_modules_watched_threshold_is_share")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_modules_course_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_modules_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules")),
        sa.UniqueConstraint("course_id", "external_id", name=op.f("uq_modules_course_id_external_id")),
    )
    op.create_index(op.f("ix_modules_changed_in"), "modules", ["changed_in"], unique=False)
    op.create_index(op.f("ix_modules_course_id"), "modules", ["course_id"], unique=False)
    op.create_index(op.f("ix_modules_unit_id"), "modules", ["unit_id"], unique=False)

    op.create_table(
        "unit_progress",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("completion_percentage", sa.Double(), nullable=True),
        sa.Column("completed_modules_count", sa.Integer(), nullable=False),
        sa.Column("total_modules", sa.Integer(), nullable=False),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("last_completed_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(completion_percentage is null) = (total_modules = 0)",
            name=op.f("ck_unit_progress_empty_has_no_percentage"),
        ),
        sa.CheckConstraint(
            "0 <= completed_modules_count and completed_modules_count <= total_modules",
            name=op.f("ck_unit_progress_completed_modules_count_within_total"),
        ),
        sa.CheckConstraint(
            "completion_percentage between 0 and 100", name=op.f("ck_unit_progress_percentage_in_range")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_progress_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unit_progress_user_id")),
        sa.PrimaryKeyConstraint("user_id", "unit_id", name=op.f("pk_unit_progress")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_unit_progress_changed_in"), "unit_progress", ["changed_in"], unique=False)

    op.create_table(
        "course_key_assignments",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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

    op.create_table(
        "module_progress",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("completion_percentage", sa.Double(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("last_activity_at", UtcTime(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.Column("attempts_count", sa.Integer(), nullable=False),
        sa.Column("position_seconds", sa.Double(), nullable=True),
        sa.Column("watched_intervals", sa.Text(), nullable=True),
        sa.Column("watched_share", sa.Double(), nullable=True),
        sa.Column("reset_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at is not null)", name=op.f("ck_module_progress_completed_has_date")
        ),
        sa.CheckConstraint(
            "status in ('not_started', 'in_progress', 'completed')", name=op.f("ck_module_progress_status_known")
        ),
        sa.CheckConstraint(
            "completion_percentage between 0 and 100", name=op.f("ck_module_progress_percentage_in_range")
        ),
        sa.CheckConstraint("watched_share between 0 and 1", name=op.f("ck_module_progress_watched_share_is_share")),
        sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_module_progress_module_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_module_progress_user_id")),
        sa.PrimaryKeyConstraint("user_id", "module_id", name=op.f("pk_module_progress")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_module_progress_changed_in"), "module_progress", ["changed_in"], unique=False)

    op.create_table(
        "module_spans",
        sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_module_spans_ends_after_start")),
        sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_module_spans_module_id")),
        sa.PrimaryKeyConstraint("module_id", "starts_at", name=op.f("pk_module_spans")),
    )
    op.create_index(op.f("ix_module_spans_changed_in"), "module_spans", ["changed_in"], unique=False)

    op.create_table(
        "progress_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_at", UtcTime(), nullable=False),
        sa.Column("reported_at", UtcTime(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("position_seconds", sa.Double(), nullable=True),
        sa.Column("watched_intervals", sa.Text(), nullable=True),
        sa.Column("interactions_count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "authority in ('learner', 'staff', 'system')", name=op.f("ck_progress_events_authority_known")
        ),
        sa.CheckConstraint("kind <> 'reset' or reason is not null", name=op.f("ck_progress_events_reset_has_reason")),
        sa.CheckConstraint(
            "kind in ('played', 'viewed', 'completed', 'submitted', 'scored', 'reset')",
            name=op.f("ck_progress_events_kind_known"),
        ),
        sa.CheckConstraint("position_seconds >= 0", name=op.f("ck_progress_events_position_not_negative")),
        sa.CheckConstraint("score between 0 and 100", name=op.f("ck_progress_events_score_is_percentage")),
        sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_progress_events_module_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_progress_events_recorded_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_progress_events_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_events")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_progress_events_source_event_id")),
    )
    op.create_index(op.f("ix_progress_events_changed_in"), "progress_events", ["changed_in"], unique=False)
    op.create_index(
        op.f("ix_progress_events_user_id_module_id"), "progress_events", ["user_id", "module_id"], unique=False
    )
    op.execute(
        sa.text(
            "insert into record_info (id, record_uuid, change_number, structure_number, mirror_epoch)"
            " values (1, :uuid, 0, 0, 0)"
        ).bindparams(uuid=str(uuid.uuid4()))
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_progress_events_user_id_module_id"), table_name="progress_events")
    op.drop_index(op.f("ix_progress_events_changed_in"), table_name="progress_events")
    op.drop_table("progress_events")
    op.drop_index(op.f("ix_module_spans_changed_in"), table_name="module_spans")
    op.drop_table("module_spans")
    op.drop_index(op.f("ix_module_progress_changed_in"), table_name="module_progress")
    op.drop_table("module_progress")
    op.drop_index(op.f("ix_course_key_assignments_changed_in"), table_name="course_key_assignments")
    op.drop_table("course_key_assignments")
    op.drop_index(op.f("ix_unit_progress_changed_in"), table_name="unit_progress")
    op.drop_table("unit_progress")
    op.drop_index(op.f("ix_modules_unit_id"), table_name="modules")
    op.drop_index(op.f("ix_modules_course_id"), table_name="modules")
    op.drop_index(op.f("ix_modules_changed_in"), table_name="modules")
    op.drop_table("modules")
    op.drop_index(op.f("ix_class_teachers_user_id"), table_name="class_teachers")
    op.drop_index(op.f("ix_class_teachers_changed_in"), table_name="class_teachers")
    op.drop_table("class_teachers")
    op.drop_index(op.f("ix_class_sessions_changed_in"), table_name="class_sessions")
    op.drop_table("class_sessions")
    op.drop_index(op.f("ix_class_learners_user_id"), table_name="class_learners")
    op.drop_index(op.f("ix_class_learners_changed_in"), table_name="class_learners")
    op.drop_table("class_learners")
    op.drop_index(op.f("ix_xapi_statements_voids"), table_name="xapi_statements")
    op.drop_index(op.f("ix_xapi_statements_stored_at"), table_name="xapi_statements")
    op.drop_index(op.f("ix_xapi_statements_actor_id_id"), table_name="xapi_statements")
    op.drop_index(op.f("ix_xapi_statements_activity_id"), table_name="xapi_statements")
    op.drop_table("xapi_statements")
    op.drop_index(op.f("ix_xapi_actors_user_id"), table_name="xapi_actors")
    op.drop_table("xapi_actors")
    op.drop_index(op.f("ix_user_roles_changed_in"), table_name="user_roles")
    op.drop_table("user_roles")
    op.drop_index(op.f("ix_units_changed_in"), table_name="units")
    op.drop_table("units")
    op.drop_index(op.f("ix_sign_in_sessions_user_id"), table_name="sign_in_sessions")
    op.drop_index(op.f("ix_sign_in_sessions_expires_at"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index(op.f("ix_guardians_learner_id"), table_name="guardians")
    op.drop_index(op.f("ix_guardians_changed_in"), table_name="guardians")
    op.drop_table("guardians")
    op.drop_index(op.f("ix_enrolments_course_id"), table_name="enrolments")
    op.drop_index(op.f("ix_enrolments_changed_in"), table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_index(op.f("ix_course_progress_changed_in"), table_name="course_progress")
    op.drop_table("course_progress")
    op.drop_index(op.f("ix_course_completion_rules_changed_in"), table_name="course_completion_rules")
    op.drop_table("course_completion_rules")
    op.drop_index(op.f("ix_classes_course_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_changed_in"), table_name="classes")
    op.drop_table("classes")
    op.drop_index(op.f("ix_access_tokens_user_id"), table_name="access_tokens")
    op.drop_table("access_tokens")
    op.drop_index(op.f("ix_users_changed_in"), table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_courses_changed_in"), table_name="courses")
    op.drop_table("courses")
    op.drop_index(op.f("ix_sign_in_attempts_username"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_attempted_at"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_address"), table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_index(op.f("ix_schools_changed_in"), table_name="schools")
    op.drop_table("schools")
    op.drop_table("record_info")
    op.drop_index(op.f("ix_academic_sessions_changed_in"), table_name="academic_sessions")
    op.drop_table("academic_sessions")
