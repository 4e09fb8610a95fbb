-- One row per unit of a course.
-- Key: unit_id
select
    id as unit_id,
    course_id,
    external_id as unit_external_id,
    title as unit_title,
    position as unit_position,
    changed_in
from record.units
