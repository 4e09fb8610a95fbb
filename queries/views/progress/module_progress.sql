-- One row per learner and module that is not hidden: how far the learner has come.
-- Key: learner_id, module_id
select
    e.learner_id,
    l.external_id as learner_external_id,
    l.full_name as learner_name,
    e.course_id,
    c.course_external_id,
    u.unit_id,
    u.unit_title,
    u.unit_position,
    m.module_id,
    m.module_external_id,
    m.module_title,
    m.module_kind,
    m.module_position,
    m.is_required,
    n.counts,
    n.availability,
    m.opens_at,
    coalesce(p.status, 'not_started') as status,
    coalesce(p.completion_percentage, 0) as completion_percentage,
    shown_module_percentage(p.status, p.completion_percentage) as shown_percentage,
    p.started_at,
    p.completed_at,
    p.last_activity_at,
    p.score,
    p.is_passed,
    m.pass_mark,
    coalesce(p.attempts_count, 0) as attempts_count,
    p.position_seconds,
    m.duration_seconds,
    case when n.availability <> 'upcoming' then m.media_url end as media_url,
    p.watched_intervals,
    p.watched_share
from enrolment as e
join person as l on l.user_id = e.learner_id
join course as c on c.course_id = e.course_id
join module as m on m.course_id = e.course_id
join module_state as n on n.module_id = m.module_id and n.availability <> 'hidden'
join unit as u on u.unit_id = m.unit_id
left join module_record as p on p.learner_id = e.learner_id and p.module_id = m.module_id
