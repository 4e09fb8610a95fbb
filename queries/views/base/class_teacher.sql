-- One row per class that has not ended and person who teaches it today.
-- Key: class_id, user_id
select distinct class_id, user_id from class_teacher_span where left_on is null
