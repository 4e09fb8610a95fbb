-- One row per person and role that the person holds now.
-- Key: user_id, role
select user_id, role from record.user_roles where ended_at is null
