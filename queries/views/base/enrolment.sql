-- One row per learner and course: the enrolment and where it stands.
-- Key: learner_id, course_id
select
    user_id as learner_id,
    course_id,
    status as enrolment_status,
    enrolled_at,
    completed_at as enrolment_completed_at,
    dropped_at,
    changed_in
from record.enrolments
