-- One row per course: how many learners stand where, and how far they have come.
-- Key: course_id
with
    standing as (
        select
            course_id,
            figures_over(
                enrolment_status,
                completion_percentage,
                modules_percentage,
                has_begun,
                is_active_this_week
            ) as figures
        from course_learner
        group by course_id
    )

select c.course_id, c.course_external_id, c.course_title, unnest(figures_or_none(s.figures))
from course as c
left join standing as s on s.course_id = c.course_id
