-- One row per class that has not ended and learner who is in it now.
-- Key: class_id, learner_id
select l.class_id, l.user_id as learner_id, c.course_id
from record.class_learners as l
join record.classes as c on c.id = l.class_id
where l.ended_at is null and c.ended_at is null
