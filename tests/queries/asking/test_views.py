"""What every view owes: a key that is one, a grain, and columns that the glossary defines. Over the sample school."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.mirror import close_mirrors
from data.record import open_record
from data.settings import PROJECT
from progress.sample.school import load_sample
from queries.asking import catalogue
from queries.asking.ask import ask_anything, described_views
from queries.asking.catalogue import MissingHeader, views
from queries.asking.glossary import GLOSSARY, glossary


@pytest.fixture(scope="module", autouse=True)
def sample(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "waymark.db").write_bytes(migrated_sqlite_file.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAYMARK_VAR", str(folder))
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'waymark.db'}")
        load_sample(open_record(f"sqlite:///{folder / 'waymark.db'}"))
        yield
        close_mirrors()


@pytest.mark.parametrize("name", views())
def test_key_of_a_view_is_unique_and_never_null(name: str) -> None:
    key = views()[name].key
    rows = ask_anything(f"select {', '.join(key)} from {name}")
    assert rows.height > 0
    assert rows.unique().height == rows.height
    assert rows.null_count().sum_horizontal().to_list() == [0]


def test_views_carry_their_first_line_as_comment() -> None:
    for name, grain in described_views().select("view", "grain").unique().rows():
        [path] = catalogue.VIEWS.glob(f"*/{name}.sql")
        assert path.read_text(encoding="utf-8").splitlines()[0] == f"-- {grain}"
        assert grain.startswith("One row per ")


def test_glossary_defines_every_column_of_the_views_once_and_nothing_more() -> None:
    entries = [line.split("`")[1] for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line[:3] == "- `"]
    assert sorted(entries) == sorted(set(described_views()["column"]))
    assert all(glossary()[column].endswith(".") for column in entries)


def test_described_views_are_all_views() -> None:
    assert set(described_views()["view"]) == views().keys()


def test_views_come_after_those_that_they_read() -> None:
    seen: set[str] = set()
    for view in views().values():
        assert view.inputs <= seen
        seen.add(view.name)


@pytest.mark.parametrize("text", ["select 1", "-- One row per course.\nselect 1", "-- Courses.\n-- Key: a\nselect 1"])
def test_view_without_grain_or_key_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "nameless.sql").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "VIEWS", tmp_path)
    with pytest.raises(MissingHeader, match="nameless"):
        views.__wrapped__()


def test_sql_of_the_views_is_formatted() -> None:
    sqlfmt = Path(sys.executable).with_name("sqlfmt")
    checked = subprocess.run([sqlfmt, "--check", "queries"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
