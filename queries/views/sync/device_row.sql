-- One row per learner and course, unit or module: what a learner's device keeps.
-- Key: learner_id, subject_type, subject_id
select 'course' as subject_type, course_id as subject_id, *
from device_course
union all by name
select 'unit' as subject_type, unit_id as subject_id, *
from device_unit
union all by name
select 'module' as subject_type, module_id as subject_id, *
from device_module
