"""What is doubtful in the data as it came in."""

import polars as pl

from data.viewer import Viewer
from queries.ask import ask
from queries.people import NotAllowed


def future_events(viewer: Viewer) -> pl.DataFrame:
    """Events whose reported time lay in the future and which count from when they arrived, newest first.

    Administrators only: raises NotAllowed.
    """
    if not viewer.sees_everyone:
        raise NotAllowed(viewer.user_id)
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
