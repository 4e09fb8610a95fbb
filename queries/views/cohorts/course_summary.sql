-- One row per course: how many learners stand where, and how far they have come.
-- Key: course_id
with
    standing as (
        select
            course_id,
            figures_over(
                enrolment_status, completion_percentage, has_begun, is_active_this_week
            ) as figures
        from course_learner
        group by course_id
    )

select
    c.course_id,
    c.course_external_id,
    c.course_title,
    coalesce(s.figures.learners_count, 0) as learners_count,
    coalesce(s.figures.active_learners_count, 0) as active_learners_count,
    coalesce(s.figures.completed_learners_count, 0) as completed_learners_count,
    coalesce(s.figures.dropped_learners_count, 0) as dropped_learners_count,
    coalesce(s.figures.not_started_learners_count, 0) as not_started_learners_count,
    s.figures.mean_percentage,
    s.figures.median_percentage
from course as c
left join standing as s on s.course_id = c.course_id
