-- One row per module that counts now: since when it does without a break.
-- Key: module_id
select module_id, max(starts_at) as counts_since
from record.module_spans
where starts_at <= utc_now() and (ends_at is null or ends_at > utc_now())
group by module_id
