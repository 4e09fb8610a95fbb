"""Every public question of `queries`, found in its modules, and what it can be asked about."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import queries
from data.viewer import Viewer
from queries.asking.ask import ask_anything

Question = Callable[..., Any]


def subjects() -> Iterator[ModuleType]:
    """Every module of queries, but for how questions are asked and the command line."""
    for found in pkgutil.walk_packages(queries.__path__, "queries."):
        if not found.name.startswith(("queries.asking", "queries.__main__")):
            yield import_module(found.name)


def public_functions(module: ModuleType) -> Iterator[Question]:
    for name, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield value


def takes_a_viewer(function: Question) -> bool:
    return Viewer in [each.annotation for each in inspect.signature(function).parameters.values()][:1]


QUESTIONS = {
    f"{module.__name__}.{function.__name__}": function
    for module in subjects()
    for function in public_functions(module)
    if takes_a_viewer(function)
}


def ids(sql: str) -> list[Any]:
    return [row[0] for row in ask_anything(sql).rows()]


def everyone_and_everything() -> dict[str, list[Any]]:
    """What each parameter of a question can be."""
    courses = ids("select course_id from course order by 1")
    classes = ids("select class_id from school_class order by 1")
    return {
        "learner_id": ids("select learner_id from learner order by 1"),
        "user_id": ids("select user_id from person order by 1"),
        "course_id": courses,
        "class_id": classes,
        "course_ids": [courses[at : at + 6] for at in range(0, len(courses), 6)],
        "class_ids": [classes[at : at + 6] for at in range(0, len(classes), 6)],
        "module_id": ids("select min(module_id) from module group by course_id order by 1"),
        "unit_id": ids("select min(unit_id) from unit group by course_id order by 1"),
        "since": [None],
        "limit": [50],
    }


def askings(question: Question, choices: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """The arguments to ask it with: what it must be given, of everyone; and what it may be given, one by one."""
    parameters = list(inspect.signature(question).parameters.values())[1:]
    needed = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    optional = [each.name for each in parameters if each.name not in needed and each.name in choices]
    longest = max((len(choices[name]) for name in needed), default=1)
    for at in range(longest):
        yield {name: choices[name][at % len(choices[name])] for name in needed}
    if not needed:
        yield from ({name: value} for name in optional for value in choices[name])
    if {"learner_id", "course_id"} <= set(optional):
        pairs = ask_anything("select learner_id, min(course_id) from enrolment group by learner_id order by 1").rows()
        yield from ({"learner_id": learner, "course_id": course} for learner, course in pairs)
