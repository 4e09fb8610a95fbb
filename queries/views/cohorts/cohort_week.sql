-- One row per cohort and week: activity, completions, and how far the cohort had come by its end.
-- Key: cohort_type, cohort_id, week_starts_on
select
    s.cohort_type,
    s.cohort_id,
    s.week_starts_on,
    s.is_so_far,
    coalesce(h.active_learners_count, 0) as active_learners_count,
    100 * coalesce(h.active_learners_count, 0) / nullif(s.learners_count, 0) as active_percentage,
    coalesce(h.completed_units_count, 0) as completed_units_count,
    coalesce(h.completed_units_count, 0) / nullif(s.learners_count, 0) as units_per_learner,
    coalesce(h.completed_courses_count, 0) as completed_courses_count,
    s.mean_modules_percentage,
    s.learners_count
from cohort_standing as s
left join cohort_happening as h using (cohort_type, cohort_id, week_starts_on)
