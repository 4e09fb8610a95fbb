"""The sample's clips: in parts for a player, to the signed-in alone."""

import httpx
import pytest

from progress.sample.school import CLIPS
from tests.api.conftest import SignedIn

CLIP = "/clips/sound-as-a-wave.mp4"


def test_player_gets_the_part_that_it_asks_for(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get(CLIP, headers={"Range": "bytes=1000-1999"})
    whole = (CLIPS / "sound-as-a-wave.mp4").read_bytes()
    assert answer.status_code == 206
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert answer.content == whole[1000:2000]


def test_clip_stays_in_the_browser_of_who_watched_it_and_in_no_shared_cache(signed_in: SignedIn) -> None:
    assert signed_in("ada").get(CLIP).headers["cache-control"] == "private, max-age=86400"


def test_captions_are_text_tracks(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get("/clips/sound-as-a-wave.vtt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/vtt; charset=utf-8")


@pytest.mark.parametrize("path", [CLIP, "/clips/sound-as-a-wave.vtt", "/clips/nothing.mp4", "/clips/"])
def test_strangers_are_led_to_sign_in_and_learn_not_which_clips_there_are(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/auth/login?next={path}")


@pytest.mark.parametrize(
    ("path", "status"), [("nothing.mp4", 404), ("", 404), ("%2e%2e/people.toml", 400), ("..%2fpeople.toml", 400)]
)
def test_nothing_but_the_clips_lies_there(signed_in: SignedIn, path: str, status: int) -> None:
    assert signed_in("ada").get(f"/clips/{path}").status_code == status


def test_pages_play_videos_of_this_site_and_of_others_over_https_alone(signed_in: SignedIn) -> None:
    assert "media-src 'self' https:" in signed_in("ada").get("/").headers["content-security-policy"]
