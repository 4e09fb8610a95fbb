"""Moments in tables are those of the clock where the reader is."""

from datetime import datetime

import polars as pl
import pytest

from pages.widgets.layout.tables import in_time_zone


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", datetime(2026, 12, 1, 7, 30)),
        ("Europe/Berlin", datetime(2026, 12, 1, 8, 30)),
        ("America/Vancouver", datetime(2026, 12, 1, 0, 30)),
    ],
)
def test_a_moment_is_shown_as_the_clock_there_showed_it(zone: str, shown: datetime) -> None:
    frame = pl.DataFrame({"at": [datetime(2026, 12, 1, 7, 30), None], "title": ["Cells", None]})
    assert in_time_zone(frame, zone)["at"].to_list() == [shown, None]


def test_a_table_without_rows_keeps_its_columns() -> None:
    frame = pl.DataFrame(schema={"at": pl.Datetime("us"), "title": pl.String})
    assert in_time_zone(frame, "Asia/Tokyo").schema == frame.schema
