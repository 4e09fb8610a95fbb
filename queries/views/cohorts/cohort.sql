-- One row per cohort: the learners of a course, and the learners of a class in its course.
-- Key: cohort_type, cohort_id
select 'course' as cohort_type, course_id as cohort_id, course_id, ends_on, time_zone
from course
union all
select 'class', s.class_id, c.course_id, c.ends_on, s.time_zone
from school_class as s
join course as c on c.course_id = s.course_id
