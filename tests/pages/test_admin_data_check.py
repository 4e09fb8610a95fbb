"""The data check finds a stored row that is wrong, says which, and sets it right when told to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from data.models import CourseProgress, User
from data.record import Record
from data.viewer import Viewer
from progress.people.access import viewer_of
from progress.recording.events import NewEvent
from queries.data_quality import future_events
from queries.module_progress import module_progress
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import cell, press, wait
from tests.recording import record_event

Known = Callable[[str], Viewer]


def test_a_record_without_fault_is_said_to_be_right(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/data_check")
    assert "Every stored number is right" not in words(page)
    press(page, "Check now")
    expect(page.get_by_text("Every stored number is right.")).to_be_visible()


def test_a_damaged_row_is_found_and_repaired(signed_in: SignedIn, school: Record) -> None:
    learner_id, course_id, percentage = _damage(school)
    page = signed_in("admin")
    open_page(page, "/data_check")
    press(page, "Check now")
    expect(page.get_by_text("1 difference found")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").first
    expect(cell(grid, 0, 1)).to_have_text("Amara Okafor")
    expect(cell(grid, 0, 3)).to_have_text("completion_percentage")
    expect(cell(grid, 0, 4)).to_have_text("1.5")
    expect(cell(grid, 0, 5)).to_have_text(str(percentage))
    press(page, "Repair…")
    press_in_dialog(page, "Repair")
    expect(page.get_by_text("Repaired 1 stored row, then checked again.")).to_be_visible()
    expect(page.get_by_text("Every stored number is right.")).to_be_visible()
    assert _stored(school, learner_id, course_id) == percentage


def test_a_repair_that_is_called_off_changes_nothing(signed_in: SignedIn, school: Record) -> None:
    learner_id, course_id, percentage = _damage(school)
    page = signed_in("admin")
    open_page(page, "/data_check")
    press(page, "Check now")
    press(page, "Repair…")
    press_in_dialog(page, "Cancel")
    assert _stored(school, learner_id, course_id) == 1.5
    _set(school, learner_id, course_id, percentage)


def test_events_from_the_future_are_listed(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    learner = _someone_without_an_account(school)
    module = module_progress(learner, learner_id=learner.user_id).filter(availability="open").row(0, named=True)
    ahead = datetime.now(UTC) + timedelta(days=400)
    event = NewEvent("clock", str(uuid4()), learner.user_id, module["module_id"], "viewed", ahead)
    assert record_event(learner, event).outcome == "created"
    page = signed_in("admin")
    open_page(page, "/data_check")
    count = future_events(viewer("admin")).height
    expect(page.get_by_text(f"{count} event{'' if count == 1 else 's'} said that something happened")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame")
    expect(cell(grid, 0, 0)).to_have_text(learner.full_name)
    expect(cell(grid, 0, 2)).to_have_text(module["module_title"])


def press_in_dialog(page: Page, button: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
    wait(page)


def _someone_without_an_account(school: Record) -> Viewer:
    """A learner whom no other test looks at: what is recorded here stays."""
    enrolled = select(CourseProgress.user_id).join(User, User.id == CourseProgress.user_id)
    with school.reading() as connection:
        learner_id = connection.scalars(enrolled.where(User.username.is_(None)).order_by(User.id.desc())).first()
    assert learner_id is not None
    return viewer_of(learner_id)


def _damage(school: Record) -> tuple[int, int, float]:
    """A percentage of the student's made wrong behind Waymark's back, and what it was."""
    with school.reading() as connection:
        row = connection.execute(
            select(CourseProgress.user_id, CourseProgress.course_id, CourseProgress.completion_percentage)
            .join(User, User.id == CourseProgress.user_id)
            .where(User.username == "student", CourseProgress.completed_units_count > 0)
            .order_by(CourseProgress.course_id)
        ).first()
    assert row is not None
    _set(school, row.user_id, row.course_id, 1.5)
    return row.user_id, row.course_id, row.completion_percentage


def _set(school: Record, learner_id: int, course_id: int, percentage: float) -> None:
    own = (CourseProgress.user_id == learner_id) & (CourseProgress.course_id == course_id)
    with school.writing() as tx:
        changes = {"completion_percentage": percentage, "changed_in": tx.number}
        tx.execute(update(CourseProgress).where(own).values(changes))


def _stored(school: Record, learner_id: int, course_id: int) -> float | None:
    own = (CourseProgress.user_id == learner_id) & (CourseProgress.course_id == course_id)
    with school.reading() as connection:
        return connection.scalar(select(CourseProgress.completion_percentage).where(own))
