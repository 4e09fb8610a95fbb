"""A field of Streamlit's that refuses a value shows it and sends another, or blocks the button. So none refuses one."""

import ast
from collections.abc import Iterator

import pytest

from data.settings import PROJECT


def fields(kind: str) -> Iterator[tuple[str, ast.Call]]:
    """Where such fields are asked for in the pages, and how."""
    for path in sorted((PROJECT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == kind:
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", node


def test_numbers_have_no_limits_in_the_field() -> None:
    asked = dict(fields("number_input"))
    assert asked
    limited = [
        place
        for place, call in asked.items()
        if len(call.args) > 1 or {"min_value", "max_value"} & {keyword.arg for keyword in call.keywords}
    ]
    assert limited == []


@pytest.mark.parametrize("limit", ["date.min", "date.max"])
def test_dates_have_the_widest_limits_in_the_field(limit: str) -> None:
    """Without limits of one's own a date can only be within ten years."""
    asked = dict(fields("date_input"))
    assert asked
    assert [place for place, call in asked.items() if limit not in ast.unparse(call)] == []
