"""Computing a view from a part of its inputs, filtered before anything is joined or counted."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from queries.asking.catalogue import views

# The order of courses and classes where there may be hundreds that nobody uses yet.
BUSIEST_FIRST = "idleness(learners_count, not_started_learners_count, active_learners_count),"
NOTHING: Mapping[str, str] = MappingProxyType({})
_IN_CLASS = "learner_id in (select learner_id from main.class_learner where class_id = $class_id)"
_COURSE_OF_CLASS = "course_id = (select course_id from school_class where class_id = $class_id)"


def narrowed(name: str, conditions: Mapping[str, str], given: Mapping[str, str] = NOTHING) -> str:
    """A WITH clause that computes the view only from the rows of its inputs that meet the conditions.

    `conditions` has a SQL condition (markers of `ask` included) by the name of a view below this one, `given` the name
    of a table that already has the wanted rows of such a view.
    """
    clauses: dict[str, str] = {}
    for view in (found for found in views().values() if found.name in _lineage(name)):
        if view.name in given:
            clauses[view.name] = f"select * from {given[view.name]}"
        elif view.name in conditions:
            clauses[view.name] = f"select * from main.{view.name} where {conditions[view.name]}"
        elif view.inputs & clauses.keys():
            clauses[view.name] = view.select
    return "with " + ",\n".join(f"{view_name} as ({select})" for view_name, select in clauses.items())


def of_learners(name: str, condition: str) -> str:
    """The view computed from the rows of learners who meet a condition on `learner_id`."""
    base = (view for view in views().values() if view.subject == "base" and view.name in _lineage(name))
    return narrowed(name, {view.name: condition for view in base if "learner_id" in view.key})


def learner_question(view: str, order: str, filters: Iterable[str]) -> str:
    """The question of `learner_rows`, with the filters as its parameters."""
    of_whom = {"learner_id": "learner_id = $learner_id", "class_id": _IN_CLASS}
    of_what = {"class_id": _COURSE_OF_CLASS} | {name: f"{name} = ${name}" for name in filters if name != "class_id"}
    learners = ["{visible}", *(of_whom[name] for name in filters if name in of_whom)]
    rows = ["{visible}", *(of_what[name] for name in filters)]
    return (
        f"{of_learners(view, ' and '.join(learners))} select * from {view} where {' and '.join(rows)} order by {order}"
    )


@cache
def _lineage(name: str) -> frozenset[str]:
    """The view and all views that it is computed from."""
    return frozenset({name}).union(*(_lineage(below) for below in views()[name].inputs))
