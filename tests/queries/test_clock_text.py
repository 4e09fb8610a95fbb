"""A position in a lecture reads as its player shows it."""

import pytest

from queries.clock_text import clock_text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (41.9, "0:41"), (200.4, "3:20"), (3599.99, "59:59"), (3723, "1:02:03")]
)
def test_a_position_reads_as_minutes_and_hours(seconds: float, words: str) -> None:
    assert clock_text(seconds) == words
