"""A lecture's video with the bar of what was watched. The JavaScript files in this folder run in the browser.

The browser itself reports to the API what was watched (`outbox.js`), so none of that depends on the runs of the page.
Imports `widgets.words`.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from data.viewer import Viewer
from pages.widgets.words.percentages import day_text, share_text

Row = dict[str, Any]

_HERE = Path(__file__).parent
_ENOUGH_OF_THE_END_SECONDS = 1.0


def _source(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


# The three scripts are one module to the browser: only the last exports something.
_PLAYER = st.components.v2.component(
    "lecture_player",
    html=_source("player.html"),
    css=_source("player.css"),
    js=_source("played.js", "outbox.js", "player.js"),
)


def show_lecture_player(viewer: Viewer, lecture: Row, *, plays_at_once: bool = False) -> None:
    """The video of a row of `queries.lecture`, for its learner, who is the viewer. Without a video the bar alone.

    Runs again, with the fragment that it stands in, when the server knows more of what was watched.
    """
    video = playable(lecture["media_url"])
    _PLAYER(
        key=f"lecture_{lecture['module_id']}",
        data={
            "user_id": viewer.user_id,
            "module_id": lecture["module_id"],
            "title": lecture["module_title"],
            "media_url": video,
            "captions_url": captions_of(video),
            "duration_seconds": lecture["duration_seconds"],
            "resumes_at": resumes_at(lecture),
            "plays_at_once": plays_at_once,
            "watched": lecture["watched_intervals"] or [],
            "threshold": lecture["watched_threshold"] if lecture["completion_rule"] == "watched" else None,
            "is_completed": lecture["status"] == "completed",
            "goal": _goal(lecture, viewer.time_zone),
        },
        on_saved_change=lambda: None,  # the run alone is what is wanted of it
    )


def playable(media_url: str | None) -> str | None:
    """The address of a video that may be played here: of this site, or of another one over https."""
    is_of_this_site = media_url is not None and media_url.startswith("/") and media_url[1:2] not in ("/", "\\")
    return media_url if media_url and (is_of_this_site or media_url.startswith("https://")) else None


def captions_of(video: str | None) -> str | None:
    """Videos of this site have their captions next to them; other sites would not hand theirs out to us."""
    return f"{video.rpartition('.')[0]}.vtt" if video and video.startswith("/clips/") else None


def resumes_at(lecture: Row) -> float:
    """The second to go on at. Who left at the end goes on with what was skipped, or from the start if it is done."""
    position: float = lecture["position_seconds"] or 0.0
    if position < lecture["duration_seconds"] - _ENOUGH_OF_THE_END_SECONDS:
        return position
    watched = lecture["watched_intervals"] or []
    begins_unwatched = not watched or watched[0][0] > 0
    return 0.0 if lecture["status"] == "completed" or begins_unwatched else float(watched[0][1])


def _goal(lecture: Row, time_zone: str) -> str:
    if lecture["status"] == "completed":
        return f"Completed on {day_text(lecture['completed_at'], time_zone)}."
    is_by_watching = lecture["completion_rule"] == "watched"
    return f"Complete at {share_text(lecture['watched_threshold'])}." if is_by_watching else ""
