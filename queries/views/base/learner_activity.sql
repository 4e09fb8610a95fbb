-- One row per learner, course and day on which something was recorded.
-- Key: learner_id, course_id, activity_date
select user_id as learner_id, course_id, activity_date, events_count, interactions_count
from record.activity_days
