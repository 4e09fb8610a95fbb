"""The viewer's rule of access in a question's SQL: replacing its markers, and checking that it covers the result.

If only the inputs were filtered, a question would show everyone's rows as soon as a view gained another input. So the
rule must be in the outermost WHERE, in every branch of a union; DuckDB's own parser checks that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from data.viewer import Viewer
from queries.asking.statements import syntax_tree

_MARKER = re.compile(r"\{(visible|taught)(?::([a-z_]+(?:\.[a-z_]+)?))?\}")
_COLUMN = {"visible": "learner_id", "taught": "class_id"}
_RULED_COLUMNS = {"visible": {"learner_id", "user_id"}, "taught": {"class_id"}}
_OF_A_PERSON = re.compile(r"(learner|user|guardian)_.+|full_name|username|email|children")


class MissingAccessCheck(ValueError):
    """A question has no marker for the viewer's rule, or none in its outermost WHERE."""


class NamesAPerson(ValueError):
    """The answer to a question about no one has columns about a person. Contains their names."""


def for_viewer(
    viewer: Viewer, sql: str, parameters: Mapping[str, object], *, about_people: bool = True
) -> tuple[str, Mapping[str, object]]:
    """The question and its parameters with the markers replaced by the viewer's rule.

    A question that is not `about_people` can have the markers anywhere. Raises MissingAccessCheck, also for viewers who
    see everyone.
    """
    markers = {marker.group(1) for marker in _MARKER.finditer(sql)}
    if not markers or (about_people and not _is_narrowed_where_it_leaves(sql)):
        raise MissingAccessCheck(sql)
    if viewer.sees_everyone:
        return _MARKER.sub("true", sql), parameters
    ids = {"visible": sorted(viewer.learner_ids), "taught": sorted(viewer.class_ids)}
    return _MARKER.sub(_condition, sql), {**parameters, **{f"{name}_ids": ids[name] for name in markers}}


def refuse_people(columns: Sequence[str]) -> None:
    """Raise NamesAPerson if one of the columns is about a person."""
    if named := [name for name in columns if _OF_A_PERSON.fullmatch(name)]:
        raise NamesAPerson(", ".join(named))


def _condition(marker: re.Match[str]) -> str:
    return f"{_column(marker)} = any(${marker.group(1)}_ids::bigint[])"


def _column(marker: re.Match[str]) -> str:
    return marker.group(2) or _COLUMN[marker.group(1)]


# The text of a trend takes milliseconds to parse.
@lru_cache(maxsize=256)
def _is_narrowed_where_it_leaves(sql: str) -> bool:
    as_calls = _MARKER.sub(lambda marker: f"{marker.group(1)}({_column(marker)})", sql)
    [statement] = syntax_tree(as_calls)
    return all(any(map(_is_rule, _conjuncts(select))) for select in _outermost(statement["node"]))


def _outermost(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The SELECTs that produce the answer's rows: one, or the branches of a union."""
    if node["type"] != "SET_OPERATION_NODE":
        yield node
        return
    for branch in node["children"]:
        yield from _outermost(branch)


def _conjuncts(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions that each row of a SELECT must meet."""
    condition = node.get("where_clause")
    if not condition:
        return []
    return list(condition["children"]) if condition["type"] == "CONJUNCTION_AND" else [condition]


def _is_rule(condition: dict[str, Any]) -> bool:
    """Whether it is a marker, or `column is null or` a marker on that column: rows about nobody are allowed."""
    if condition["type"] != "CONJUNCTION_OR":
        return bool(_ruled_column(condition))
    first, *others = condition["children"]
    if first["type"] != "OPERATOR_IS_NULL" or len(others) != 1:
        return False
    return bool(first["children"][0].get("column_names") == _ruled_column(others[0]) != [])


def _ruled_column(condition: dict[str, Any]) -> list[str]:
    """The column of a marker, with its table; empty for any other condition."""
    columns = _RULED_COLUMNS.get(condition.get("function_name", ""))
    name: list[str] = condition["arguments"][0]["expression"].get("column_names", []) if columns else []
    return name if columns and columns & set(name[-1:]) else []
