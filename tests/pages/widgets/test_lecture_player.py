"""Where a lecture goes on, and which videos are played at all."""

from typing import Any

import pytest

from pages.widgets.lecture_player import captions_of, playable, resumes_at


def lecture(position: float | None, watched: list[list[float]] | None, status: str = "in_progress") -> dict[str, Any]:
    return {"position_seconds": position, "duration_seconds": 80.0, "watched_intervals": watched, "status": status}


@pytest.mark.parametrize(
    ("row", "second"),
    [
        (lecture(None, None, "not_started"), 0),
        (lecture(41, [[0, 41]]), 41),
        (lecture(41, [[0, 80]], "completed"), 41),
        (lecture(80, [[0, 80]], "completed"), 0),  # done: again from the start
        (lecture(80, [[0, 30], [75, 80]]), 30),  # sought to the end: what was skipped
        (lecture(79.5, [[75, 80]]), 0),
    ],
)
def test_a_lecture_goes_on_where_it_was_left_unless_that_is_the_end(row: dict[str, Any], second: float) -> None:
    assert resumes_at(row) == second


@pytest.mark.parametrize("address", ["/clips/a.mp4", "https://videos.example/a.mp4"])
def test_videos_of_this_site_and_over_https_are_played(address: str) -> None:
    assert playable(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "http://videos.example/a.mp4", "//videos.example/a.mp4", "/\\videos.example/a", "javascript:1"],
)
def test_no_other_videos_are_played(address: str | None) -> None:
    assert playable(address) is None


def test_only_the_clips_of_this_site_have_captions_beside_them() -> None:
    assert captions_of("/clips/a.mp4") == "/clips/a.vtt"
    assert captions_of("https://videos.example/clips/a.mp4") is None
    assert captions_of(None) is None
