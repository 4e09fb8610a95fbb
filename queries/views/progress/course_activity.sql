-- One row per learner and course they are enrolled in: whether it is begun, and the last doing.
-- Key: learner_id, course_id
with
    own as (
        select
            learner_id,
            course_id,
            max(last_activity_at) as last_activity_at,
            max(week_starts_on) as last_active_week
        from learner_week
        group by all
    ),
    -- Of those without a completed module; asking for everyone would read all modules' rows.
    begun as (
        select distinct r.learner_id, r.course_id
        from course_record as r
        join module_record as p on p.learner_id = r.learner_id
        join module as m on m.module_id = p.module_id and m.course_id = r.course_id
        where r.completed_modules_count = 0 and p.started_at is not null
    )

-- Begun is what stands: staff may have entered all of it, and a reset may have taken it back.
select
    r.learner_id,
    r.course_id,
    r.completed_modules_count > 0 or b.learner_id is not null as has_begun,
    o.last_activity_at,
    o.last_active_week
from course_record as r
left join own as o on o.learner_id = r.learner_id and o.course_id = r.course_id
left join begun as b on b.learner_id = r.learner_id and b.course_id = r.course_id
