-- One row per learner, course and day on which the learner did something.
-- Key: learner_id, course_id, activity_date
select
    user_id as learner_id,
    course_id,
    activity_date,
    events_count,
    interactions_count,
    last_activity_at
from record.activity_days
