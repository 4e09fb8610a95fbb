-- One row per cohort, learner, stretch in it and unit that the learner completed: in which week.
-- Key: cohort_type, cohort_id, learner_id, joined_week, unit_id
select
    l.cohort_type,
    l.cohort_id,
    l.learner_id,
    p.unit_id,
    l.joined_week,
    l.enrolled_week,
    l.dropped_week,
    school_week(p.completed_at, l.time_zone) as earned_week
from unit_record as p
join unit as u on u.unit_id = p.unit_id
join cohort_learner as l on l.learner_id = p.learner_id and l.course_id = u.course_id
where p.completed_at is not null
