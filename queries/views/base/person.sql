-- One row per person: learners, teachers, parents and administrators alike.
-- Key: user_id
select id as user_id, school_id, external_id, full_name, username, email, is_active, created_at
from record.users
