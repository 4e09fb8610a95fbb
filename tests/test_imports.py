"""Who may import whom: `data → queries → charts → pages` is how a number reaches a person, and no other way round."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.settings import PROJECT

MAY_IMPORT = {
    "data": set(),
    "charts": set(),
    "queries": {"data"},
    "progress": {"data"},
    "api": {"data", "progress", "queries"},
    "pages": {"charts", "data", "progress", "queries"},
    "app": {"api", "data", "pages"},
}

ONLY_IN = {
    "streamlit": ("app.py", "pages/"),
    "plotly": ("charts/",),
    "duckdb": ("data/mirror/", "queries/"),
    "sqlalchemy": ("data/", "progress/"),
}


def sources(part: str) -> list[Path]:
    path = PROJECT / part
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and top-level name of everything that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def place(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_parts_import_only_what_lies_below_them(part: str) -> None:
    forbidden = set(MAY_IMPORT) | {"benchmarks", "tests"}
    forbidden -= MAY_IMPORT[part] | {part}
    found = [
        f"{place(path)}:{line} imports {name}"
        for path in sources(part)
        for line, name in imports(path)
        if name in forbidden
    ]
    assert found == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_libraries_stay_in_the_part_that_is_theirs(library: str) -> None:
    files = [path for part in MAY_IMPORT for path in sources(part) if not place(path).startswith(ONLY_IN[library])]
    found = [f"{place(path)}:{line}" for path in files for line, name in imports(path) if name == library]
    assert found == []


def test_every_part_has_files_to_check() -> None:
    assert [part for part in MAY_IMPORT if not sources(part)] == []


def test_imports_within_functions_are_found(tmp_path: Path) -> None:
    path = tmp_path / "lazy.py"
    path.write_text(
        "def show():\n    import data.record\n    from queries.asking.ask import ask\n    from . import widgets\n"
    )
    assert list(imports(path)) == [(2, "data"), (3, "queries")]
