-- One row per class and learner who needs a look: quiet for 14 days, or 25 points behind.
-- Key: class_id, learner_id
with
    standing as (
        select
            s.class_id,
            s.class_name,
            k.learner_id,
            l.external_id as learner_external_id,
            l.full_name as learner_name,
            c.course_id,
            c.course_title,
            e.enrolment_status,
            p.completed_modules_count,
            p.total_modules,
            100 * p.completed_modules_count / nullif(p.total_modules, 0) as modules_percentage,
            p.has_begun,
            p.last_activity_at,
            c.starts_on,
            c.ends_on,
            school_today(c.time_zone) as today,
            school_day(p.last_activity_at, c.time_zone) as last_activity_date,
            school_day(e.enrolled_at, c.time_zone) as enrolled_date,
            median(modules_percentage) over (partition by s.class_id) as median_modules_percentage
        from school_class as s
        join class_learner as k on k.class_id = s.class_id
        join enrolment as e on e.learner_id = k.learner_id and e.course_id = s.course_id
        join course_record as p on p.learner_id = k.learner_id and p.course_id = s.course_id
        join course as c on c.course_id = s.course_id
        join person as l on l.user_id = k.learner_id
        where e.enrolment_status <> 'dropped'
    ),
    measured as (
        select
            *,
            today - coalesce(last_activity_date, greatest(enrolled_date, starts_on)) as quiet_days,
            median_modules_percentage - modules_percentage as points_behind,
            floor(points_behind * total_modules / 100 + 1e-9)::bigint as modules_behind
        from standing
        where
            enrolment_status = 'active'
            and completed_modules_count < total_modules
            and coalesce(starts_on <= today, true)
            and coalesce(ends_on >= today, true)
    )

select
    * exclude (enrolment_status, starts_on, ends_on, today, last_activity_date, enrolled_date),
    quiet_days >= 14 as is_quiet,
    points_behind >= 25 as is_behind
from measured
where quiet_days >= 14 or points_behind >= 25
