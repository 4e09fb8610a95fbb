-- One row per learner and unit of their courses, as the record keeps it.
-- Key: learner_id, unit_id
select
    user_id as learner_id,
    unit_id,
    completion_percentage,
    completed_modules_count,
    total_modules,
    completed_at,
    last_completed_at,
    last_own_activity_at as last_activity_at,
    changed_in
from record.unit_progress
