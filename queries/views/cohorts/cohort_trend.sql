-- One row per course and week: activity, completions, and how far its learners had come by its end.
-- Key: course_id, week_starts_on
select
    c.course_id,
    c.course_external_id,
    c.course_title,
    w.week_starts_on,
    w.is_so_far,
    w.active_learners_count,
    w.active_percentage,
    w.completed_units_count,
    w.units_per_learner,
    w.completed_courses_count,
    w.mean_modules_percentage,
    w.learners_count
from cohort_week as w
join course as c on c.course_id = w.cohort_id
where w.cohort_type = 'course'
