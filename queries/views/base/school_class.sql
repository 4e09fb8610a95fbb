-- One row per class that has not ended, and the course that it takes.
-- Key: class_id
select id as class_id, external_id as class_external_id, name as class_name, course_id
from record.classes
where ended_at is null
