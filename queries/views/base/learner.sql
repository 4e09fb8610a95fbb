-- One row per learner: everyone who is a student now or was ever enrolled.
-- Key: learner_id
select id as learner_id, full_name as learner_name, external_id as learner_external_id
from record.users
where
    id in (select user_id from record.enrolments)
    or id in (select user_id from record.user_roles where role = 'student' and ended_at is null)
