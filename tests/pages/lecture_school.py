"""A small school with lectures to watch, and tabs of learners who each begin afresh."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import select, update

from data.models import ModuleProgress, User
from data.record import Record, open_record
from progress.completion.intervals import Interval, parse
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.access import viewer_of
from progress.people.accounts import add_user
from progress.people.sign_in import sign_in
from progress.recording.events import NewEvent
from progress.recording.record import record as record_events
from tests.pages.screen import open_page, wait_for
from tests.pages.tabs import DESKTOP, Scheme, Tabs
from tests.passwords import quick_hash
from tests.serving import serving

CLIP_SECONDS = 76.0
_PASSWORD = "correct horse battery"
_BEGAN = datetime.now(UTC) - timedelta(days=30)


@dataclass(frozen=True)
class Stored:
    """What the record holds of a learner's lecture."""

    status: str = "not_started"
    position: float | None = None
    watched: tuple[Interval, ...] = ()


@dataclass
class LectureSchool:
    """One course with a lecture to watch, a reading and a lecture without a video; and another course."""

    record: Record
    tabs: Tabs
    course: int
    clip: int
    reading: int
    elsewhere: int
    upcoming: int
    of_others: int
    numbers: Iterator[int] = field(default_factory=count)

    def learner(self) -> tuple[int, str]:
        """A new learner of the course: the id and the username."""
        username = f"learner{next(self.numbers)}"
        with self.record.writing() as tx:
            person = add_user(tx, username.title(), username=username, roles=["student"])
            tx.execute(update(User).where(User.id == person).values(password_hash=quick_hash(_PASSWORD)))
            enrol(tx, [person], self.course, _BEGAN)
        return person, username

    @contextmanager
    def tab(self, username: str, *, scheme: Scheme = "light", width: int = DESKTOP) -> Iterator[Page]:
        """A tab as if new, in which this learner is signed in."""
        token = sign_in(username, _PASSWORD, "192.0.2.1")
        with self.tabs.signed_in(token, scheme=scheme, width=width) as page:
            yield page

    def has_watched(self, learner: int, module: int, *parts: tuple[float, float]) -> None:
        """As if the learner had watched these parts, in this order, a while ago."""
        for number, (start, end) in enumerate(parts):
            moment = _BEGAN + timedelta(days=1, minutes=number)
            name = f"{learner}-{module}-{number}"
            self._happened(NewEvent("test", name, learner, module, "played", moment, None, end, ((start, end),)))

    def has_read(self, learner: int, module: int) -> None:
        moment = _BEGAN + timedelta(days=1)
        self._happened(NewEvent("test", f"{learner}-{module}", learner, module, "viewed", moment))

    def _happened(self, event: NewEvent) -> None:
        [verdict] = record_events(viewer_of(event.learner_id), [event])
        assert verdict.outcome == "created"

    def stored(self, learner: int, module: int) -> Stored:
        of_row = (ModuleProgress.user_id == learner) & (ModuleProgress.module_id == module)
        columns = (ModuleProgress.status, ModuleProgress.position_seconds, ModuleProgress.watched_intervals)
        with self.record.reading() as connection:
            row = connection.execute(select(*columns).where(of_row)).one_or_none()
        return Stored(row.status, row.position_seconds, parse(row.watched_intervals)) if row else Stored()


@contextmanager
def serving_lectures(migrated: Path, var: Path, browser: Browser) -> Iterator[LectureSchool]:
    """The school, served from a record of its own; `current_record()` is that record here too."""
    url = f"sqlite:///{var / 'waymark.db'}"
    shutil.copyfile(migrated, var / "waymark.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAYMARK_VAR", str(var))
        patch.setenv("DATABASE_URL", url)
        record = open_record(url)
        with serving(url, var) as address, Tabs(browser, address) as tabs:
            yield build_lecture_school(record, tabs)
        record.close()


def build_lecture_school(record: Record, tabs: Tabs) -> LectureSchool:
    with record.writing() as tx:
        course, other = add_course(tx, "Physics"), add_course(tx, "Chemistry")
        unit, second, others = (
            add_unit(tx, c, title) for c, title in ((course, "Sound"), (course, "Light"), (other, "Acids"))
        )

        def lecture(of_unit: int, title: str, media_url: str | None, published_at: datetime = _BEGAN) -> int:
            length = {"duration_seconds": CLIP_SECONDS, "media_url": media_url, "published_at": published_at}
            return add_module(tx, of_unit, title, "lecture", **length)

        clip = "/clips/sound-as-a-wave.mp4"
        return LectureSchool(
            record,
            tabs,
            course,
            clip=lecture(unit, "Waves", clip),
            reading=add_module(tx, second, "Mirrors", "reading", published_at=_BEGAN),
            elsewhere=lecture(second, "Lenses", None),
            upcoming=lecture(second, "Lasers", clip, _BEGAN + timedelta(days=300)),
            of_others=lecture(others, "Acids in the kitchen", clip),
        )


def open_lecture(page: Page, module: int) -> Locator:
    """The page's video, ready to play."""
    open_page(page, f"/lecture?module={module}")
    video = page.locator("video")
    wait_for(page, "video => video.readyState >= 1 && !video.seeking", arg=video.element_handle())
    return video


def play(video: Locator, *, rate: float = 16, until: float) -> None:
    """Play on, and pause as soon as this second is reached; `until` may be the end."""
    video.evaluate(
        """async (video, [rate, until]) => {
            video.playbackRate = rate;
            await video.play();
            await new Promise((reached) => {
                const look = () => (video.ended || video.currentTime >= until ? reached() : setTimeout(look, 20));
                look();
            });
            video.pause();
        }""",
        [rate, until],
    )


def seek(video: Locator, second: float) -> None:
    video.evaluate(
        """(video, second) => new Promise((sought) => {
            video.addEventListener("seeked", sought, { once: true });
            video.currentTime = second;
        })""",
        second,
    )


def second_of(video: Locator) -> float:
    return float(video.evaluate("video => video.currentTime"))


def wait_until(page: Page, holds: Callable[[], bool], timeout_seconds: float = 30) -> None:
    give_up = monotonic() + timeout_seconds
    while not holds():
        assert monotonic() < give_up, "what was expected did not come"
        page.wait_for_timeout(50)
