-- One row per class: how many learners stand where, and how far they have come.
-- Key: class_id
select
    s.class_id,
    s.class_external_id,
    s.class_name,
    s.course_id,
    c.course_external_id,
    c.course_title,
    coalesce(p.learners_count, 0) as learners_count,
    coalesce(p.active_learners_count, 0) as active_learners_count,
    coalesce(p.completed_learners_count, 0) as completed_learners_count,
    coalesce(p.dropped_learners_count, 0) as dropped_learners_count,
    coalesce(p.not_started_learners_count, 0) as not_started_learners_count,
    p.mean_percentage,
    p.median_percentage
from school_class as s
join course as c on c.course_id = s.course_id
left join cohort_progress as p on p.cohort_type = 'class' and p.cohort_id = s.class_id
