"""Views asked over a part of their inputs: cut down before anything is joined or counted, not after."""

from collections.abc import Mapping
from functools import cache

from queries.catalogue import views


def narrowed(name: str, conditions: Mapping[str, str]) -> str:
    """A WITH clause in which the view is computed from only those rows of its inputs that meet the conditions.

    `conditions` holds a SQL condition (markers of `ask` included) by the name of a view below this one.
    """
    clauses: dict[str, str] = {}
    for view in (found for found in views().values() if found.name in _lineage(name)):
        if view.name in conditions:
            clauses[view.name] = f"select * from main.{view.name} where {conditions[view.name]}"
        elif view.inputs & clauses.keys():
            clauses[view.name] = view.select
    return "with " + ",\n".join(f"{view_name} as ({select})" for view_name, select in clauses.items())


def of_learners(name: str, condition: str) -> str:
    """The view computed from the rows of learners who meet a condition on `learner_id`."""
    base = (view for view in views().values() if view.subject == "base" and view.name in _lineage(name))
    return narrowed(name, {view.name: condition for view in base if "learner_id" in view.key})


@cache
def _lineage(name: str) -> frozenset[str]:
    """The view and all that it is computed from."""
    return frozenset({name}).union(*(_lineage(below) for below in views()[name].inputs))
