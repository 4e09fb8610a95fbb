-- One row per class and person who teaches it now.
-- Key: class_id, user_id
select class_id, user_id from record.class_teachers where ended_at is null
