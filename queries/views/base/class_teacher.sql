-- One row per class that has not ended and person who teaches it now.
-- Key: class_id, user_id
select t.class_id, t.user_id
from record.class_teachers as t
join record.classes as c on c.id = t.class_id
where t.ended_at is null and c.ended_at is null
