"""When a learner was last active in a module, unit and course is stored there, for earlier rows too."""

import sqlalchemy as sa
from alembic import op

from data.models import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADDED = {
    "module_progress": ("last_own_activity_at",),
    "unit_progress": ("last_activity_at", "last_own_activity_at"),
    "course_progress": ("last_activity_at", "last_own_activity_at"),
}

# What staff entered is no activity of the learner, and neither is a reset; what a reset voids stays one.
_OF_MODULES = """
    update module_progress set last_own_activity_at = (
        select max(event.occurred_at) from progress_events as event
        where event.user_id = module_progress.user_id and event.module_id = module_progress.module_id
            and event.authority in ('learner', 'system') and event.kind <> 'reset'
    )
"""
_OF_UNITS = """
    update unit_progress set last_activity_at = found.last, last_own_activity_at = found.last_own
    from (
        select p.user_id, m.unit_id, max(p.last_activity_at) as last, max(p.last_own_activity_at) as last_own
        from module_progress as p join modules as m on m.id = p.module_id
        group by p.user_id, m.unit_id
    ) as found
    where unit_progress.user_id = found.user_id and unit_progress.unit_id = found.unit_id
"""
_OF_COURSES = """
    update course_progress set last_activity_at = found.last, last_own_activity_at = found.last_own
    from (
        select p.user_id, u.course_id, max(p.last_activity_at) as last, max(p.last_own_activity_at) as last_own
        from unit_progress as p join units as u on u.id = p.unit_id
        group by p.user_id, u.course_id
    ) as found
    where course_progress.user_id = found.user_id and course_progress.course_id = found.course_id
"""


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, sa.Column(column, UtcTime(), nullable=True))
    for fill in (_OF_MODULES, _OF_UNITS, _OF_COURSES):
        op.execute(fill)


def downgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)
