-- One row per cohort, learner, stretch in it and unit that the learner completed: in which week.
-- Key: cohort_type, cohort_id, learner_id, joined_week, unit_id
with
    completed as (
        select
            l.cohort_type,
            l.cohort_id,
            l.learner_id,
            l.joined_week,
            l.left_week,
            l.enrolled_week,
            l.dropped_week,
            p.unit_id,
            school_week(p.completed_at, l.time_zone) as first_week,
            case
                when p.completed_modules_count = p.total_modules
                then school_week(p.last_completed_at, l.time_zone)
            end as completed_week
        from unit_record as p
        join unit as u on u.unit_id = p.unit_id
        join cohort_learner as l on l.learner_id = p.learner_id and l.course_id = u.course_id
        where
            p.completed_at is not null
            or (p.completed_modules_count = p.total_modules and p.total_modules > 0)
    )

select
    cohort_type,
    cohort_id,
    learner_id,
    unit_id,
    joined_week,
    enrolled_week,
    dropped_week,
    case when is_within(first_week, joined_week, left_week) then first_week end as earned_week,
    completed_week
from completed
