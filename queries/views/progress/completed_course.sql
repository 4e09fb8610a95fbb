-- One row per learner and course they completed that has asked for more since: how many modules.
-- Key: learner_id, course_id
select c.learner_id, c.course_id, count(*) as new_modules_count
from course_record as c
join module as m on m.course_id = c.course_id
join counting_module as s on s.module_id = m.module_id and s.counts_since > c.completed_at
left join
    module_record as p
    on p.learner_id = c.learner_id
    and p.module_id = m.module_id
    and p.status = 'completed'
where p.module_id is null
group by all
