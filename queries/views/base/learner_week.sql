-- One row per learner, course and week in which something was recorded.
-- Key: learner_id, course_id, week_starts_on
select user_id as learner_id, course_id, week_starts_on, events_count from record.activity_weeks
