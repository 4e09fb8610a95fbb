-- One row per class that has not ended and learner who is in it today.
-- Key: class_id, learner_id
select distinct s.class_id, s.learner_id, s.course_id
from class_learner_span as s
join person_role as r on r.user_id = s.learner_id and r.role = 'student'
where s.left_on is null
