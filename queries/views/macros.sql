-- Measures that several views share. The catalogue creates them before the views.
-- What of a whole is shown: rounded down, at least 1 when something is done, null for 0 of 0.
create or replace macro shown_percentage(done, total) as (
    case when total > 0 then greatest(floor(100 * done / total), sign(done)) end::integer
)
;

-- What of a module is shown: 100 only when it is completed, else rounded down and at most 99, at
-- least 1 when something is done.
create or replace macro shown_module_percentage(status, percentage) as (
    case
        when status = 'completed'
        then 100
        when percentage > 0
        then greatest(1, least(99, floor(percentage)))
        else 0
    end::integer
)
;

-- The present moment in UTC, in the type of the record's times.
create or replace macro utc_now() as make_timestamp(epoch_us(now()))
;

-- The day on which a moment (UTC) lies in a time zone. Converting is slow, and most schools of
-- one installation share a zone, so UTC goes past it.
create or replace macro school_day(moment, zone) as (
    case when zone = 'UTC' then moment else timezone(zone, timezone('UTC', moment)) end::date
)
;

-- The day that it is in a time zone.
create or replace macro school_today(zone) as school_day(utc_now(), zone)
;

-- The Monday of the week in which a moment (UTC) lies in a time zone.
create or replace macro school_week(moment, zone) as (
    date_trunc('week', school_day(moment, zone))::date
)
;

-- Whether a week lies in a stretch of weeks, which is without its end.
create or replace macro is_within(week, first_week, end_week) as (
    week >= first_week and coalesce(week < end_week, true)
)
;

-- How little goes on among learners: 0 where one is active this week, 3 where there are none.
create or replace macro idleness(learners_count, not_started_learners_count, active_learners_count) as (
    case
        when active_learners_count > 0
        then 0
        when learners_count > not_started_learners_count
        then 1
        when learners_count > 0
        then 2
        else 3
    end
)
;

-- The figures over a group of enrolments. Dropped learners are in no mean.
create or replace macro figures_over(
    status, percentage, modules_percentage, has_begun, is_active_this_week
) as (
    struct_pack(
        learners_count := count(*) filter (status <> 'dropped'),
        active_learners_count := count(*) filter (status <> 'dropped' and is_active_this_week),
        completed_learners_count := count(*) filter (status = 'completed'),
        dropped_learners_count := count(*) filter (status = 'dropped'),
        not_started_learners_count := count(*) filter (status <> 'dropped' and not has_begun),
        mean_percentage := avg(percentage) filter (status <> 'dropped'),
        median_percentage := median(percentage) filter (status <> 'dropped'),
        mean_modules_percentage := avg(modules_percentage) filter (status <> 'dropped'),
        median_modules_percentage := median(modules_percentage) filter (status <> 'dropped')
    )
)
;

-- The same where there may be no such group: nobody is counted then, and there is no mean.
create or replace macro figures_or_none(figures) as coalesce(
    figures,
    struct_pack(
        learners_count := 0,
        active_learners_count := 0,
        completed_learners_count := 0,
        dropped_learners_count := 0,
        not_started_learners_count := 0,
        mean_percentage := null,
        median_percentage := null,
        mean_modules_percentage := null,
        median_modules_percentage := null
    )
)
;
