"""What a SQL statement reads, according to DuckDB's own parser. Executes nothing."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import duckdb

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}


class NotOneSelect(ValueError):
    """The statement is something other than one SELECT."""


class UnreadableStatement(ValueError):
    """DuckDB's parser cannot read the statement; the message says where it failed."""


@dataclass(frozen=True)
class Reads:
    """The tables and views (as written, with any schema) and the table functions that a statement reads from."""

    tables: frozenset[str]
    functions: frozenset[str]


@lru_cache(maxsize=256)
def parsed(sql: str) -> duckdb.Statement:
    """The parsed statement, for any connection. Cached, because parsing a trend takes milliseconds."""
    [statement] = _parser().cursor().extract_statements(sql)
    return statement


@lru_cache(maxsize=256)
def reads(sql: str) -> Reads:
    """What one SELECT reads, without the names of its own CTEs. Raises NotOneSelect or UnreadableStatement.

    A CTE named like a file stays in the result, because outside its scope the same name would read the file.
    """
    nodes = list(_nodes(syntax_tree(sql)))
    kinds = {str(node.get("type")) for node in nodes}
    if any(kind.endswith("_NODE") and kind not in _READING_NODES for kind in kinds):
        raise NotOneSelect(sql)
    own = {entry["key"].lower() for node in nodes if "cte_map" in node for entry in node["cte_map"]["map"]}
    tables = {_name(node) for node in nodes if node.get("type") == "BASE_TABLE"}
    tables -= {name for name in own if _PLAIN_NAME.fullmatch(name)}
    functions = {_name(node["function"]) for node in nodes if node.get("type") == "TABLE_FUNCTION"}
    shown = {"describe" for node in nodes if node.get("type") == "SHOW_REF"}
    return Reads(frozenset(tables), frozenset(functions | shown))


def syntax_tree(sql: str) -> list[Any]:
    """The syntax trees of DuckDB's parser. Raises NotOneSelect or UnreadableStatement."""
    row = _parser().cursor().execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    assert row is not None
    answer = json.loads(row[0])
    if answer["error"] and answer["error_type"] == "parser":
        raise UnreadableStatement(answer["error_message"])
    if answer["error"] or len(answer["statements"]) != 1:
        raise NotOneSelect(sql)
    return list(answer["statements"])


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """An empty database, used for its parser."""
    return duckdb.connect()


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in the tree."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    for child in tree if isinstance(tree, list) else ():
        yield from _nodes(child)


def _name(node: dict[str, Any]) -> str:
    return ".".join(node["qualified_name"]["path"]).lower()
