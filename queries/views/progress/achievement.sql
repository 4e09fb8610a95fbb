-- One row per learner, type of achievement and subject: what the learner has earned, and when.
-- Key: learner_id, achievement_type, subject_id
with
    resets as (
        select learner_id, module_id, max(occurred_at) as reset_at
        from progress_event
        where event_kind = 'reset'
        group by all
    ),
    -- The first high score that no later reset has voided.
    high_scores as (
        select
            e.learner_id,
            e.module_id,
            min(e.occurred_at) as earned_at,
            arg_min(e.score, (e.occurred_at, e.progress_event_id)) as score
        from progress_event as e
        left join resets as r on r.learner_id = e.learner_id and r.module_id = e.module_id
        where e.score >= 90 and (r.reset_at is null or e.occurred_at > r.reset_at)
        group by all
    )

select
    learner_id,
    learner_external_id,
    learner_name,
    subject_type || '_complete' as achievement_type,
    course_id,
    course_external_id,
    course_title,
    subject_type,
    subject_id,
    subject_external_id,
    subject_title,
    occurred_at as earned_at,
    score
from milestone_timeline
union all
select
    h.learner_id,
    l.external_id,
    l.full_name,
    'high_score',
    c.course_id,
    c.course_external_id,
    c.course_title,
    'module',
    m.module_id,
    m.module_external_id,
    m.module_title,
    h.earned_at,
    h.score
from high_scores as h
join person as l on l.user_id = h.learner_id
join module as m on m.module_id = h.module_id
join course as c on c.course_id = m.course_id
