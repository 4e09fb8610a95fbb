-- One row per course: how many learners stand where, and how far they have come.
-- Key: course_id
select
    c.course_id,
    c.course_external_id,
    c.course_title,
    coalesce(p.learners_count, 0) as learners_count,
    coalesce(p.active_learners_count, 0) as active_learners_count,
    coalesce(p.completed_learners_count, 0) as completed_learners_count,
    coalesce(p.dropped_learners_count, 0) as dropped_learners_count,
    coalesce(p.not_started_learners_count, 0) as not_started_learners_count,
    p.mean_percentage,
    p.median_percentage
from course as c
left join cohort_progress as p on p.cohort_type = 'course' and p.cohort_id = c.course_id
