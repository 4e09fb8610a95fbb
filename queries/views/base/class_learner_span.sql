-- One row per stretch of days of a learner in a class that has not ended, up to today.
-- Key: span_id
select
    l.id as span_id,
    l.class_id,
    l.user_id as learner_id,
    c.course_id,
    l.joined_on,
    case when l.left_on <= school_today(c.time_zone) then l.left_on end as left_on
from record.class_learners as l
join school_class as c on c.class_id = l.class_id
where l.joined_on <= school_today(c.time_zone) and coalesce(l.left_on > l.joined_on, true)
