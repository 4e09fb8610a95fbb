-- One row per module: what last wrote it and its counting, and when either changes by itself.
-- Key: module_id
with
    spans as (
        select
            module_id,
            list(changed_in) as written_in,
            list(starts_at).list_concat(list(ends_at)) as turns_at
        from record.module_spans
        group by module_id
    )

select
    m.module_id,
    list_append(coalesce(s.written_in, []), m.changed_in) as written_in,
    list_concat(coalesce(s.turns_at, []), [m.opens_at, m.retired_at]) as turns_at
from module as m
left join spans as s on s.module_id = m.module_id
