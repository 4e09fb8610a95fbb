-- One row per module: whether it is available now, and whether it counts now and since when.
-- Key: module_id
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
left join counting_module as c on c.module_id = m.module_id
