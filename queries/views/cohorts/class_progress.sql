-- One row per class: how many learners stand where, and how far they have come.
-- Key: class_id
with
    standing as (
        select
            k.class_id,
            figures_over(
                l.enrolment_status,
                l.completion_percentage,
                l.modules_percentage,
                l.has_begun,
                l.is_active_this_week
            ) as figures
        from class_learner as k
        join course_learner as l on l.learner_id = k.learner_id and l.course_id = k.course_id
        group by k.class_id
    )

select
    k.class_id,
    k.class_external_id,
    k.class_name,
    k.course_id,
    c.course_external_id,
    c.course_title,
    unnest(figures_or_none(s.figures))
from school_class as k
join course as c on c.course_id = k.course_id
left join standing as s on s.class_id = k.class_id
