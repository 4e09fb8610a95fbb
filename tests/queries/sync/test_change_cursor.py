"""The text that a device keeps of how far it has come: what goes in comes out, and nothing else is taken for one."""

from datetime import datetime

import pytest

from data.mirror.position import Position
from queries.sync.cursor import Cursor, Stand, WrongCursor, as_text, from_text


def test_cursor_survives_its_text() -> None:
    for mark in ("5", "5:9:6,7", "5:5:"):
        known, target = (Stand(Position("a/1", 2, mark, "4:2:99"), datetime(2026, 1, day)) for day in (1, 2))
        for cursor in (Cursor(7, known), Cursor(7, known, target, (1, 44)), Cursor(7, None, target, (2, 3))):
            assert from_text(as_text(cursor), 7) == cursor


@pytest.mark.parametrize("text", ["", "x", "é", "MX4", "=" * 9, "AAAA" * 900, "MX43fmF-MH41OjksLDdAMX4"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(WrongCursor):
        from_text(text, 7)


@pytest.mark.parametrize("mark", ["9:5:", "0:5:", "3:9:8,4", "3:9:9", "3:9:2"])
def test_a_state_that_no_database_can_be_in_is_refused(mark: str) -> None:
    cursor = Cursor(7, Stand(Position("a/1", 2, mark, "4:2:99"), datetime(2026, 1, 1)))
    with pytest.raises(WrongCursor):
        from_text(as_text(cursor), 7)
