-- One row per module: whether it is available now, and whether it counts now and since when.
-- Key: module_id
with
    counting as (
        select module_id, max(starts_at) as counts_since
        from record.module_spans
        where starts_at <= utc_now() and (ends_at is null or ends_at > utc_now())
        group by module_id
    )

select
    m.module_id,
    case
        when m.opens_at is null
        then 'hidden'
        when m.retired_at <= utc_now()
        then 'retired'
        when m.opens_at > utc_now()
        then 'upcoming'
        else 'open'
    end as availability,
    c.module_id is not null as counts,
    c.counts_since
from module as m
left join counting as c on c.module_id = m.module_id
