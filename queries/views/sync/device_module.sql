-- One row per learner and module of their courses: what a device keeps of it; nothing if hidden.
-- Key: learner_id, module_id
select
    e.learner_id,
    e.course_id,
    p.unit_id,
    m.module_id,
    p.module_external_id,
    p.module_title,
    p.module_kind,
    p.module_position,
    p.is_required,
    p.counts,
    n.availability,
    p.opens_at,
    case when p.module_id is not null then m.retired_at end as retired_at,
    p.pass_mark,
    p.duration_seconds,
    p.media_url,
    p.status,
    p.started_at,
    p.completed_at,
    p.last_activity_at,
    p.completion_percentage,
    p.shown_percentage,
    p.score,
    p.is_passed,
    p.attempts_count,
    p.position_seconds,
    p.watched_intervals,
    p.watched_share,
    list_concat(v.written_in, [e.changed_in, r.changed_in]) as written_in,
    v.turns_at
from enrolment as e
join module as m on m.course_id = e.course_id
join module_state as n on n.module_id = m.module_id
join module_version as v on v.module_id = m.module_id
left join module_progress as p on p.learner_id = e.learner_id and p.module_id = m.module_id
left join module_record as r on r.learner_id = e.learner_id and r.module_id = m.module_id
