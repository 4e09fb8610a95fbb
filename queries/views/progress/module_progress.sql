-- One row per learner and module that is not hidden: how far the learner has come.
-- Key: learner_id, module_id
select
    s.learner_id,
    l.external_id as learner_external_id,
    l.full_name as learner_name,
    s.course_id,
    c.course_external_id,
    u.unit_id,
    u.unit_title,
    u.unit_position,
    s.module_id,
    s.module_external_id,
    s.module_title,
    s.module_kind,
    s.module_position,
    s.is_required,
    s.counts,
    s.availability,
    s.opens_at,
    s.status,
    s.completion_percentage,
    s.shown_percentage,
    s.started_at,
    s.completed_at,
    s.last_activity_at,
    s.score,
    s.is_passed,
    s.pass_mark,
    s.attempts_count,
    s.position_seconds,
    s.duration_seconds,
    s.media_url,
    s.watched_intervals,
    s.watched_share
from module_standing as s
join person as l on l.user_id = s.learner_id
join course as c on c.course_id = s.course_id
join unit as u on u.unit_id = s.unit_id
where s.availability <> 'hidden'
