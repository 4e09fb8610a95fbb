"""How numbers and moments read."""

from datetime import UTC, datetime

import pytest

from pages.widgets.words.percentages import (
    count_text,
    day_text,
    duration_text,
    minute_text,
    percent_text,
    score_text,
    share_text,
)


def test_no_percentage_is_a_dash_and_not_zero() -> None:
    assert percent_text(None) == "–"
    assert percent_text(0) == "0%"


def test_a_share_is_rounded_down_and_shows_that_something_was_done() -> None:
    assert [share_text(share) for share in (0.0, 0.001, 0.29, 0.996, 1.0)] == ["0%", "1%", "29%", "99%", "100%"]


def test_counts_name_their_noun_in_the_right_number() -> None:
    assert count_text(3, 8, "module") == "3 of 8 modules"
    assert count_text(1, 1, "unit") == "1 of 1 unit"
    assert count_text(0, 1200, "module") == "0 of 1,200 modules"


def test_work_without_a_score_is_not_assessed_rather_than_zero() -> None:
    assert score_text(None) == "Not assessed"
    assert score_text(0.0) == "0%"
    assert score_text(87.5) == "87.5%"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(45, "45 s"), (60, "1 min"), (719, "12 min"), (3600, "1 h"), (3900, "1 h 5 min"), (3599, "1 h")],
)
def test_a_duration_reads_in_its_own_units(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_a_day_is_the_schools_own_day() -> None:
    late_evening_in_london = datetime(2020, 6, 1, 22, 30)
    assert day_text(late_evening_in_london, "Europe/Berlin") == "2 June 2020"
    assert day_text(late_evening_in_london, "UTC") == "1 June 2020"


def test_a_day_of_this_year_needs_no_year() -> None:
    now = datetime.now(UTC)
    assert day_text(now, "UTC") == f"{now.day} {now:%B}"


def test_no_day_is_a_dash() -> None:
    assert day_text(None, "UTC") == "–"


def test_a_moment_reads_to_the_minute_in_the_schools_time_zone() -> None:
    assert minute_text(datetime(2026, 11, 20, 7, 50, 59, tzinfo=UTC), "Europe/London") == "20 November 2026, 07:50"
    assert minute_text(datetime(2026, 7, 20, 7, 5, tzinfo=UTC), "Europe/London") == "20 July 2026, 08:05"
