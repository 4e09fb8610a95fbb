"""The lecture page in a real browser: the clip plays, what was watched is recorded, and the page says so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.lecture_school import (
    CLIP_SECONDS,
    LectureSchool,
    open_lecture,
    play,
    second_of,
    seek,
    serving_lectures,
    wait_until,
)
from tests.pages.screen import barriers, fits_its_width, open_page, settle, wait_for, words
from tests.pages.tabs import PHONE

UNKNOWN = "There is no such lecture for you"


@pytest.fixture(scope="module")
def lectures(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[LectureSchool]:
    with serving_lectures(migrated_sqlite_file, tmp_path_factory.mktemp("lectures"), browser) as school:
        yield school


def test_what_was_played_is_recorded_while_it_plays_and_a_reload_resumes_there(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        assert second_of(video) == 0
        assert video.evaluate("video => video.duration") == CLIP_SECONDS
        video.evaluate("video => { video.playbackRate = 2; return video.play() }")
        wait_until(page, lambda: bool(lectures.stored(learner, lectures.clip).watched))
        assert not video.evaluate("video => video.paused")
        video.evaluate("video => video.pause()")
        wait_until(
            page, lambda: lectures.stored(learner, lectures.clip).position == pytest.approx(second_of(video), abs=0.01)
        )
        stored = lectures.stored(learner, lectures.clip)
        assert stored.status == "in_progress"
        [(start, end)] = stored.watched
        assert (start, end) == (pytest.approx(0, abs=0.5), pytest.approx(stored.position, abs=1))
        expect(page.locator(".saving")).to_have_text("Saved")
        page.reload()
        assert second_of(open_lecture(page, lectures.clip)) == pytest.approx(stored.position, abs=0.1)


def test_what_was_skipped_is_a_button_that_leads_there_and_plays(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        play(video, until=8)
        left = second_of(video)
        seek(video, 40)
        play(video, until=44)
        gap = page.get_by_role("button", name=f"You skipped 0:{int(left):02}–0:40")
        expect(gap).to_be_visible()
        expect(
            page.get_by_role("img", name=re.compile(r"^Watched 0:00–.* of 1:16; skipped 0:\d\d–0:40$"))
        ).to_be_visible()
        gap.focus()
        gap.press("Enter")
        expect(video).to_have_js_property("paused", False)
        assert left - 0.1 <= second_of(video) < 40
        play(video, until=41)
        expect(page.get_by_role("button", name="You skipped")).to_have_count(0)
        wait_until(page, lambda: len(lectures.stored(learner, lectures.clip).watched) == 1)


def test_seeking_to_the_end_completes_nothing(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        seek(video, 75)
        play(video, until=CLIP_SECONDS)
        expect(video).to_have_js_property("ended", True)
        wait_until(page, lambda: lectures.stored(learner, lectures.clip).position == CLIP_SECONDS)
        assert lectures.stored(learner, lectures.clip).status == "in_progress"
        expect(page.locator(".figures")).to_have_text("You have watched 1%. Complete at 90%.")
        page.reload()
        assert second_of(open_lecture(page, lectures.clip)) == 0  # not at the end, where there is nothing left


def test_all_watched_completes_and_the_page_says_so_while_it_stays_open(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        element = video.element_handle()
        play(video, until=CLIP_SECONDS)
        expect(page.locator(".goal")).to_have_text(re.compile("^Completed on "))
        assert lectures.stored(learner, lectures.clip).status == "completed"
        assert page.evaluate("element => element.isConnected && element.ended", element)
        page.get_by_role("button", name="Next: Mirrors").click()
        expect(page).to_have_url(re.compile(rf"/my_course\?course={lectures.course}&unit=\d+$"))
        settle(page)
        assert "1 of 3 modules" in words(page)


def test_nothing_is_lost_offline_and_all_of_it_is_sent_later(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        play(video, until=2)
        said = page.locator(".saving")
        expect(said).to_have_text("Saved")
        before = lectures.stored(learner, lectures.clip).watched
        page.context.set_offline(True)
        play(video, rate=2, until=4)
        expect(said).to_have_text("Not saved yet – will be sent when you are online again")
        assert lectures.stored(learner, lectures.clip).watched == before
        left = second_of(video)
        page.close()  # and even then it is not lost
        page.context.set_offline(False)
        page = page.context.new_page()
        open_lecture(page, lectures.clip)
        wait_until(page, lambda: lectures.stored(learner, lectures.clip).watched != before)
        [(start, end)] = lectures.stored(learner, lectures.clip).watched
        assert (start, end) == (pytest.approx(0, abs=1), pytest.approx(left, abs=0.1))
        wait_until(page, lambda: page.evaluate("Object.keys(localStorage).every(key => !key.startsWith('waymark'))"))


def test_what_was_watched_last_is_sent_on_leaving(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        video = open_lecture(page, lectures.clip)
        video.evaluate("video => video.play()")
        wait_for(page, "video => video.currentTime > 0.5", arg=video.element_handle())
        page.get_by_role("link", name="Physics").click()
        wait_until(page, lambda: bool(lectures.stored(learner, lectures.clip).watched))
        video = open_lecture(page, lectures.clip)
        before = lectures.stored(learner, lectures.clip).position or 0
        video.evaluate("video => video.play()")
        wait_for(page, f"video => video.currentTime > {before + 0.5}", arg=video.element_handle())
        page.goto("/my_timeline")
        wait_until(page, lambda: (lectures.stored(learner, lectures.clip).position or 0) > before + 0.5)


def test_two_tabs_add_up(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as one:
        other = one.context.new_page()
        first, second = open_lecture(one, lectures.clip), open_lecture(other, lectures.clip)
        seek(second, 40)
        play(second, until=50)
        play(first, until=10)
        wait_until(one, lambda: len(lectures.stored(learner, lectures.clip).watched) == 2)
        assert [round(start) for start, _ in lectures.stored(learner, lectures.clip).watched] == [0, 40]


def test_a_lecture_that_is_watched_elsewhere_shows_what_was_watched(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    lectures.has_watched(learner, lectures.elsewhere, (0, 19), (38, 57))
    with lectures.tab(username) as page:
        open_page(page, f"/lecture?module={lectures.elsewhere}")
        expect(page.get_by_text("This lecture is watched elsewhere.")).to_be_visible()
        expect(page.get_by_role("img", name="Watched 0:00–0:19, 0:38–0:57 of 1:16; skipped 0:19–0:38")).to_be_visible()
        expect(page.get_by_text("You have watched 50%.")).to_be_visible()
        expect(page.locator("video")).to_be_hidden()
        assert barriers(page) == []


def test_no_other_lecture_is_there_whether_it_exists_or_not(lectures: LectureSchool) -> None:
    _, username = lectures.learner()
    with lectures.tab(username) as page:
        said = set()
        for asked in (lectures.of_others, lectures.upcoming, lectures.reading, 987654, "", "nonsense", "9" * 30):
            open_page(page, f"/lecture?module={asked}")
            said.add(words(page).partition(UNKNOWN)[1:])
            expect(page.locator("video")).to_have_count(0)
        assert len(said) == 1
        page.get_by_role("link", name="My courses").last.click()
        expect(page.get_by_role("heading", level=1, name="My courses")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    lectures.has_watched(learner, lectures.clip, (0, 19), (28, 41))
    with lectures.tab(username, scheme=scheme) as page:
        open_lecture(page, lectures.clip)
        assert barriers(page) == []
        open_page(page, "/my_courses")
        assert barriers(page) == []


def test_nothing_fits_its_width_on_a_phone(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    lectures.has_watched(learner, lectures.clip, (2, 19), (28, 41), (50, 55), (60, 63))
    with lectures.tab(username, width=PHONE) as page:
        open_lecture(page, lectures.clip)
        fits_its_width(page)
        open_page(page, "/my_courses")
        fits_its_width(page)


def test_continue_on_the_home_page_plays_on_at_the_right_second_by_one_click(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    lectures.has_watched(learner, lectures.clip, (0, 19), (28, 41))
    with lectures.tab(username) as page:
        open_page(page, "/my_courses")
        expect(page.get_by_text("You stopped at 0:41 of 1:16")).to_be_visible()
        page.get_by_role("button", name="Continue at 0:41").click()
        expect(page).to_have_url(re.compile(rf"/lecture\?module={lectures.clip}$"))
        video = page.locator("video")
        expect(video).to_have_js_property("paused", False)
        assert 41 <= second_of(video) < 50
        expect(page.get_by_role("button", name="You skipped 0:19–0:28")).to_be_visible()


def test_course_page_leads_to_the_lectures_that_can_be_watched_here(lectures: LectureSchool) -> None:
    _, username = lectures.learner()
    with lectures.tab(username) as page:
        open_page(page, f"/my_course?course={lectures.course}")
        expect(page.get_by_role("link", name="Watch “")).to_have_count(1)
        page.get_by_role("link", name="Watch “Waves”").click()
        expect(page.get_by_role("heading", level=1, name="Waves")).to_be_visible()
        expect(page.locator("video")).to_be_visible()
        assert second_of(page.locator("video")) == 0


def test_home_page_says_when_all_that_is_open_is_complete(lectures: LectureSchool) -> None:
    learner, username = lectures.learner()
    with lectures.tab(username) as page:
        open_page(page, "/my_courses")
        expect(page.get_by_text("Begins with “Sound”")).to_be_visible()
        for module in (lectures.clip, lectures.elsewhere):
            lectures.has_watched(learner, module, (0, CLIP_SECONDS))
        lectures.has_read(learner, lectures.reading)
        open_page(page, "/my_courses")
        expect(page.get_by_text("Everything that is open is complete")).to_be_visible()
        assert "Next:" not in words(page)
