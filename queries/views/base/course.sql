-- One row per course, with the time zone in which its days and weeks are counted.
-- Key: course_id
select
    c.id as course_id,
    c.external_id as course_external_id,
    c.title as course_title,
    c.starts_on,
    c.ends_on,
    c.ended_at,
    coalesce(z.time_zone, 'UTC') as time_zone,
    c.changed_in
from record.courses as c
left join record.school_zones as z on z.school_id = c.school_id
