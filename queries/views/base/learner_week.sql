-- One row per learner, course and week in which the learner did something.
-- Key: learner_id, course_id, week_starts_on
select user_id as learner_id, course_id, week_starts_on, events_count, last_activity_at
from record.activity_weeks
