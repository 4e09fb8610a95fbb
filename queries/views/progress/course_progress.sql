-- One row per learner and course they are enrolled in: how far the learner has come.
-- Key: learner_id, course_id
select
    s.learner_id,
    l.external_id as learner_external_id,
    l.full_name as learner_name,
    s.course_id,
    c.course_external_id,
    c.course_title,
    s.* exclude (learner_id, course_id)
from course_standing as s
join person as l on l.user_id = s.learner_id
join course as c on c.course_id = s.course_id
