"""One person for the administrator: their row of `people`, and their guardians and children."""

import polars as pl

from data.viewer import Viewer, require_administrator
from queries.asking.ask import ask


def person(viewer: Viewer, user_id: int) -> pl.DataFrame:
    """This person's row of `people`; empty if there is no such person. Administrators only: raises NotAllowed."""
    _allow(viewer)
    return ask(viewer, "select * from person_directory where {visible:user_id} and user_id = $user_id", user_id=user_id)


def guardians(viewer: Viewer, user_id: int) -> pl.DataFrame:
    """One row per current link in which this person is the guardian or the child, with both names.

    Administrators only: raises NotAllowed.
    """
    _allow(viewer)
    sql = """
        select g.guardian_id, p.full_name as guardian_name, g.learner_id, l.full_name as learner_name, g.relationship
        from guardian as g
        join person as p on p.user_id = g.guardian_id
        join person as l on l.user_id = g.learner_id
        where {visible:g.learner_id} and (g.guardian_id = $user_id or g.learner_id = $user_id)
        order by guardian_name, learner_name, g.guardian_id, g.learner_id
    """
    return ask(viewer, sql, user_id=user_id)


def _allow(viewer: Viewer) -> None:
    require_administrator(viewer)
