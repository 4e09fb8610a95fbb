-- One row per stretch of days of a teacher in a class that has not ended, up to today.
-- Key: span_id
select
    t.id as span_id,
    t.class_id,
    t.user_id,
    t.joined_on,
    case when t.left_on <= school_today(c.time_zone) then t.left_on end as left_on
from record.class_teachers as t
join school_class as c on c.class_id = t.class_id
where t.joined_on <= school_today(c.time_zone) and coalesce(t.left_on > t.joined_on, true)
