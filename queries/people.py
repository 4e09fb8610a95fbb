"""The administrator's list of people, and the learners whom a viewer may see."""

import polars as pl

from data.viewer import Viewer, require_administrator
from queries.asking.ask import ask


def people(viewer: Viewer, *, search: str = "", role: str | None = None) -> pl.DataFrame:
    """Everyone, by name, with their current roles, children and classes (taken or taught) as lists of text.

    `search` is part of a name, username, e-mail address or external id, ignoring case. Administrators only: raises
    NotAllowed.
    """
    require_administrator(viewer)
    sql = """
        select * from person_directory
        where {visible:user_id}
            and ($role is null or list_contains(roles, $role))
            and contains(lower(concat_ws(' ', full_name, username, email, external_id)), lower($search))
        order by full_name, user_id
    """
    return ask(viewer, sql, search=search.strip(), role=role)


def learners(viewer: Viewer, *, class_id: int | None = None, learner_id: int | None = None) -> pl.DataFrame:
    """The learners whom the viewer may see, by name; with `class_id` those currently in the class."""
    in_class = "learner_id in (select learner_id from class_learner where class_id = $class_id)"
    conditions = {"class_id": in_class, "learner_id": "learner_id = $learner_id"}
    given = {name: value for name, value in (("class_id", class_id), ("learner_id", learner_id)) if value is not None}
    sql = f"""
        select learner_id, learner_name, learner_external_id from learner
        where {" and ".join(["{visible}", *(conditions[name] for name in given)])}
        order by learner_name, learner_id
    """
    return ask(viewer, sql, **given)
