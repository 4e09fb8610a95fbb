"""Parts of statements that come again are remembered; long ones are not, however many of them are sent."""

import tracemalloc

from progress.xapi.statement.actors import actor_in
from progress.xapi.statement.remembering import length_of_all, remembered
from progress.xapi.statement.values import require_extensions


def test_what_comes_again_is_worked_out_once_and_what_is_long_each_time() -> None:
    worked_out: list[str] = []

    @remembered(10)
    def upper(text: str) -> str:
        worked_out.append(text[:3])
        return text.upper()

    for text in ("abc", "abc", "x" * 5_000, "x" * 5_000):
        assert upper(text) == text.upper()
    assert worked_out == ["abc", "xxx", "xxx"]


def test_long_parts_of_statements_fill_no_memory() -> None:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(300):
        actor_in(b'{"name":"%s","mbox":"mailto:%d@example.org"}' % (b"n" * 60_000, number), "actor")
        require_extensions({f"https://example.org/{number}/{key}" + "k" * 600: 1 for key in range(100)}, "extensions")
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept < 1_000_000  # the parts themselves are 36 MB


def test_length_of_all_is_that_of_the_texts() -> None:
    assert length_of_all(("ab", "", "cde")) == 5
