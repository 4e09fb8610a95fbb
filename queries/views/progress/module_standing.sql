-- One row per learner and module of their courses, hidden ones too: how far the learner has come.
-- Key: learner_id, module_id
select
    e.learner_id,
    e.course_id,
    m.unit_id,
    m.module_id,
    m.module_external_id,
    m.module_title,
    m.module_kind,
    m.module_position,
    m.is_required,
    n.counts,
    n.availability,
    m.opens_at,
    m.retired_at,
    m.pass_mark,
    m.duration_seconds,
    case when n.availability <> 'upcoming' then m.media_url end as media_url,
    coalesce(p.status, 'not_started') as status,
    p.started_at,
    p.completed_at,
    p.last_activity_at,
    coalesce(p.completion_percentage, 0) as completion_percentage,
    shown_module_percentage(p.status, p.completion_percentage) as shown_percentage,
    p.score,
    p.is_passed,
    coalesce(p.attempts_count, 0) as attempts_count,
    p.position_seconds,
    p.watched_intervals,
    p.watched_share,
    [e.changed_in, p.changed_in] as written_in
from enrolment as e
join module as m on m.course_id = e.course_id
join module_state as n on n.module_id = m.module_id
left join module_record as p on p.learner_id = e.learner_id and p.module_id = m.module_id
