-- One row per learner and module that the learner has touched, as the record keeps it.
-- Key: learner_id, module_id
select
    user_id as learner_id,
    module_id,
    status,
    completion_percentage,
    started_at,
    completed_at,
    last_activity_at,
    score,
    is_passed,
    attempts_count,
    position_seconds,
    watched_intervals::double[][] as watched_intervals,
    watched_share,
    changed_in
from record.module_progress
