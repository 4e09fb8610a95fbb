-- One row per learner and module, unit or course that the learner has completed.
-- Key: learner_id, subject_type, subject_id
with
    milestones as (
        select
            p.learner_id,
            m.course_id,
            'module' as subject_type,
            m.module_id as subject_id,
            m.module_external_id as subject_external_id,
            m.module_title as subject_title,
            m.module_kind,
            p.completed_at as occurred_at,
            p.score
        from module_record as p
        join module as m on m.module_id = p.module_id
        where p.completed_at is not null
        union all
        select
            p.learner_id,
            u.course_id,
            'unit',
            u.unit_id,
            u.unit_external_id,
            u.unit_title,
            null,
            p.completed_at,
            null
        from unit_record as p
        join unit as u on u.unit_id = p.unit_id
        where p.completed_at is not null
        union all
        select
            p.learner_id,
            c.course_id,
            'course',
            c.course_id,
            c.course_external_id,
            c.course_title,
            null,
            p.completed_at,
            null
        from course_record as p
        join course as c on c.course_id = p.course_id
        where p.completed_at is not null
    )

select
    s.learner_id,
    l.external_id as learner_external_id,
    l.full_name as learner_name,
    s.course_id,
    c.course_external_id,
    c.course_title,
    s.subject_type,
    s.subject_id,
    s.subject_external_id,
    s.subject_title,
    s.module_kind,
    s.occurred_at,
    s.score
from milestones as s
join person as l on l.user_id = s.learner_id
join course as c on c.course_id = s.course_id
