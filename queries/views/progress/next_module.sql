-- One row per learner and course, not dropped, with something left to do: what to go on with.
-- Key: learner_id, course_id
with
    candidates as (
        select
            m.*,
            c.course_title,
            r.has_begun,
            r.last_activity_at as course_activity_at,
            m.module_kind = 'lecture' and m.status = 'in_progress' as is_begun
        from module_progress as m
        join enrolment as e on e.learner_id = m.learner_id and e.course_id = m.course_id
        join course_record as r on r.learner_id = m.learner_id and r.course_id = m.course_id
        join course as c on c.course_id = m.course_id
        where
            e.enrolment_status <> 'dropped' and m.availability = 'open' and m.status <> 'completed'
    )

-- The lecture that was watched last goes before the first module that counts.
select
    learner_id,
    learner_external_id,
    learner_name,
    course_id,
    course_external_id,
    course_title,
    unit_id,
    unit_title,
    module_id,
    module_external_id,
    module_title,
    module_kind,
    position_seconds,
    duration_seconds,
    media_url,
    shown_percentage,
    course_activity_at as last_activity_at,
    case when is_begun then 'resume' when not has_begun then 'start' else 'next' end as reason
from candidates
where is_begun or counts
qualify
    row_number() over (
        partition by learner_id, course_id
        order by
            is_begun desc,
            case when is_begun then last_activity_at end desc,
            unit_position,
            unit_id,
            module_position,
            module_id
    )
    = 1
