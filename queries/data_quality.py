"""Doubtful data, and whether the mirror agrees with the record."""

from dataclasses import asdict

import polars as pl

from data.mirror import with_mirror
from data.viewer import Viewer, require_administrator
from queries.asking.ask import ask, ask_open


def future_events(viewer: Viewer) -> pl.DataFrame:
    """Events reported with a future time, which count from their arrival, newest first.

    Administrators only: raises NotAllowed.
    """
    require_administrator(viewer)
    sql = """
        select e.event_source, e.event_id, e.learner_id, p.full_name as learner_name, m.course_id, c.course_title,
            e.module_id, m.module_title, e.event_kind, e.reported_at, e.received_at
        from progress_event as e
        join person as p on p.user_id = e.learner_id
        join module as m on m.module_id = e.module_id
        join course as c on c.course_id = m.course_id
        where {visible:e.learner_id} and e.reported_at is not null
        order by e.received_at desc, e.progress_event_id desc
    """
    return ask(viewer, sql)


def events_beyond_the_end(viewer: Viewer) -> pl.DataFrame:
    """Events with a position or a watched interval beyond the lecture's end, which are cut to it.

    One row per learner, lecture and source, the furthest first; at most 1,000. `told_seconds` is the furthest reported
    second. Administrators only: raises NotAllowed.
    """
    require_administrator(viewer)
    sql = """
        with told as (
            select e.event_source, e.learner_id, m.course_id, m.module_id, m.module_title, m.duration_seconds,
                e.received_at,
                greatest(
                    coalesce(e.position_seconds, 0),
                    coalesce(list_max(list_transform(e.watched_intervals, lambda stretch: stretch[2])), 0)
                ) as told_seconds
            from progress_event as e
            join module as m on m.module_id = e.module_id
            where m.duration_seconds > 0
                and (e.position_seconds is not null or e.watched_intervals is not null)
        )
        select t.learner_id, p.full_name as learner_name, t.course_id, c.course_title, t.module_id, t.module_title,
            t.event_source, count(*) as events_count, max(t.told_seconds) as told_seconds, t.duration_seconds,
            max(t.received_at) as received_at
        from told as t
        join person as p on p.user_id = t.learner_id
        join course as c on c.course_id = t.course_id
        where {visible:t.learner_id} and t.told_seconds > t.duration_seconds
        group by all
        order by max(t.told_seconds / t.duration_seconds) desc, t.learner_id, t.module_id, t.event_source
        limit 1000
    """
    return ask(viewer, sql)


def repaired_mirror(viewer: Viewer) -> pl.DataFrame:
    """Where the mirror differed from the record; if it did anywhere, it is rebuilt.

    Columns: table, course_title (null where it concerns no single course), record_count, mirror_count,
    differing_count. Administrators only: raises NotAllowed.
    """
    require_administrator(viewer)
    found = with_mirror(lambda mirror: mirror.check(repairs=True))
    schema = {"table": pl.String, "course_id": pl.Int64, "record_count": pl.Int64, "mirror_count": pl.Int64}
    frame = pl.DataFrame([asdict(each) for each in found], schema={**schema, "differing_count": pl.Int64})
    titles = ask_open("select course_id, course_title from course")
    return frame.join(titles, on="course_id", how="left", maintain_order="left").drop("course_id")
