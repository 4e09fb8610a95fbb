-- One row per module that counts now: of which course, and since when it does without a break.
-- Key: module_id
select s.module_id, m.course_id, max(s.starts_at) as counts_since
from record.module_spans as s
join record.modules as m on m.id = s.module_id
where s.starts_at <= utc_now() and (s.ends_at is null or s.ends_at > utc_now())
group by s.module_id, m.course_id
