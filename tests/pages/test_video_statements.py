"""An administrator lets a course's statements make unknown learners and videos known, and no longer."""

from playwright.sync_api import expect
from sqlalchemy import select

from data.models import Course
from data.record import Record
from progress.xapi.record.provisioning import provisions_xapi, set_provisioning
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import wait

LABEL = "Make unknown learners and videos of this course known"


def test_a_course_opts_in_and_out_again(signed_in: SignedIn, school: Record) -> None:
    with school.reading() as connection:
        course_id = connection.scalars(select(Course.id).where(Course.title == "History, Year 9")).one()
    page = signed_in("admin")
    open_page(page, f"/video_statements?course={course_id}")
    assert "/xapi/statements" in words(page)
    assert "HIS-9" in words(page)
    box = page.get_by_role("checkbox", name=LABEL)
    for is_wanted, known in ((True, "are made known"), (False, "are no longer made known")):
        box.set_checked(is_wanted, force=True)
        wait(page)
        expect(page.get_by_text(f"Unknown learners and videos of History, Year 9 {known}.")).to_be_visible()
        with school.reading() as connection:
            assert provisions_xapi(connection, course_id) is is_wanted


def test_the_box_says_what_was_decided_elsewhere(signed_in: SignedIn, school: Record) -> None:
    with school.writing() as tx:
        course_id = tx.execute(select(Course.id).where(Course.title == "Science, Year 8")).scalar_one()
        set_provisioning(tx, course_id, True)
    page = signed_in("admin")
    open_page(page, f"/video_statements?course={course_id}")
    expect(page.get_by_role("checkbox", name=LABEL)).to_be_checked()
    with school.writing() as tx:
        set_provisioning(tx, course_id, False)
