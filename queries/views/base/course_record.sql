-- One row per learner and course they are enrolled in, as the record keeps it.
-- Key: learner_id, course_id
-- Begun is what stands: staff may have entered all of it, and a reset may have taken it back.
select
    user_id as learner_id,
    course_id,
    completion_percentage,
    completed_units_count,
    total_units,
    completed_modules_count,
    total_modules,
    completed_at,
    last_activity_at is not null as has_begun,
    last_own_activity_at as last_activity_at,
    changed_in
from record.course_progress
