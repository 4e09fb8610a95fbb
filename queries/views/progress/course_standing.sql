-- One row per learner and course they are enrolled in: how far they have come, without any names.
-- Key: learner_id, course_id
select
    e.learner_id,
    e.course_id,
    case
        when e.enrolment_status = 'dropped'
        then 'dropped'
        when e.enrolment_status = 'completed' or p.completed_at is not null
        then 'completed'
        when not p.has_begun
        then 'not_started'
        else 'in_progress'
    end as status,
    e.enrolment_status,
    e.enrolled_at,
    e.dropped_at,
    p.completed_at,
    e.enrolment_completed_at,
    p.completion_percentage,
    shown_percentage(p.completed_units_count, p.total_units) as shown_percentage,
    p.completed_units_count,
    p.total_units,
    p.completed_modules_count,
    p.total_modules,
    100 * p.completed_modules_count / nullif(p.total_modules, 0) as modules_percentage,
    shown_percentage(p.completed_modules_count, p.total_modules) as shown_modules_percentage,
    coalesce(n.new_modules_count, 0) as new_modules_count,
    p.has_begun,
    p.last_activity_at
from enrolment as e
join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
left join completed_course as n on n.learner_id = e.learner_id and n.course_id = e.course_id
