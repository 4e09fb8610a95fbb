-- One row per learner and course they are enrolled in, as the record keeps it.
-- Key: learner_id, course_id
select
    user_id as learner_id,
    course_id,
    completion_percentage,
    completed_units_count,
    total_units,
    completed_modules_count,
    total_modules,
    completed_at,
    changed_in
from record.course_progress
