-- One row per event: something that happened, as it counts.
-- Key: progress_event_id
select
    id as progress_event_id,
    source as event_source,
    event_id,
    user_id as learner_id,
    module_id,
    kind as event_kind,
    authority,
    recorded_by,
    occurred_at,
    reported_at,
    received_at,
    score,
    position_seconds,
    watched_intervals::double[][] as watched_intervals,
    interactions_count,
    reason
from record.progress_events
