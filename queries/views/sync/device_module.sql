-- One row per learner and module of their courses, hidden ones too: what a device keeps of it.
-- Key: learner_id, module_id
select s.* exclude (written_in), list_concat(v.written_in, s.written_in) as written_in, v.turns_at
from module_standing as s
join module_version as v on v.module_id = s.module_id
