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


# What a page needs of the record it gets from a verb of `progress` or a question of `queries`.
DATA_FOR_PAGES = {"data.viewer"}

# The API knows settings, opaque text and viewers; the files that turn trouble into answers know trouble, and those that
# start, watch and stop the server know what it stands on. Drafts are shared by the processes of the server.
DATA_FOR_API = {"data.viewer", "data.settings", "data.opaque_text", "data.notices"}
DATA_FOR_FILES = {
    "pages/teacher/recording/drafts.py": {"data.notices"},
    "api/answers/problems.py": {"data.mirror", "data.troubles", "data.usable"},
    "api/entrance/failures.py": {"data.troubles", "data.usable"},
    "api/entrance/health.py": {"data.mirror", "data.record", "data.troubles", "data.usable"},
    "api/service.py": {"data.mirror", "data.record", "data.troubles"},
}


def data_modules(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "data":
            yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == "data")


@pytest.mark.parametrize(("part", "allowed"), [("pages", DATA_FOR_PAGES), ("api", DATA_FOR_API)])
def test_pages_and_api_open_no_transactions(part: str, allowed: set[str]) -> None:
    """Whatever changes the record is one verb of `progress`, which checks the viewer and opens its own transaction."""
    found = [
        f"{place(path)}:{line} imports {name}"
        for path in sources(part)
        for line, name in data_modules(path)
        if name not in allowed | DATA_FOR_FILES.get(place(path), set())
    ]
    assert found == []


@pytest.mark.parametrize("file", DATA_FOR_FILES)
def test_exceptions_are_needed(file: str) -> None:
    assert DATA_FOR_FILES[file] <= {name for _, name in data_modules(PROJECT / file)}
