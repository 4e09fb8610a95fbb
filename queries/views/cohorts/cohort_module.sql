-- One row per cohort, learner, stretch in it and completed module that counts now: in which week.
-- Key: cohort_type, cohort_id, learner_id, joined_week, module_id
select
    l.cohort_type,
    l.cohort_id,
    l.learner_id,
    p.module_id,
    l.joined_week,
    l.enrolled_week,
    l.dropped_week,
    school_week(p.completed_at, l.time_zone) as completed_week
from module_record as p
join module as m on m.module_id = p.module_id
join counting_module as s on s.module_id = p.module_id
join cohort_learner as l on l.learner_id = p.learner_id and l.course_id = m.course_id
where p.completed_at is not null
