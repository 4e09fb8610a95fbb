-- One row per module of a unit.
-- Key: module_id
select
    id as module_id,
    course_id,
    unit_id,
    external_id as module_external_id,
    title as module_title,
    kind as module_kind,
    position as module_position,
    is_required,
    completion_rule,
    watched_threshold,
    pass_mark,
    score_rule,
    duration_seconds,
    media_url,
    published_at as opens_at,
    retired_at,
    changed_in
from record.modules
