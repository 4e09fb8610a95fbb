-- One row per class that has not ended: its course, and the time zone of its days.
-- Key: class_id
select
    k.id as class_id,
    k.external_id as class_external_id,
    k.name as class_name,
    k.course_id,
    coalesce(z.time_zone, c.time_zone) as time_zone
from record.classes as k
join course as c on c.course_id = k.course_id
left join record.school_zones as z on z.school_id = k.school_id
where k.ended_at is null
