-- One row per person: the time zone in which their days and weeks are counted, their school's.
-- Key: user_id
select u.id as user_id, coalesce(z.time_zone, 'UTC') as time_zone
from record.users as u
left join record.school_zones as z on z.school_id = u.school_id
