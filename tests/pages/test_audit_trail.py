"""The administrator reads what was done, narrows it, takes it out, and sets for how long it is kept."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from data.record import Record
from data.viewer import Viewer
from progress.audit.noting import days_kept, keep_for
from progress.audit.trail import TrailFilter, audit_trail
from progress.people.sign_in import SESSION_COOKIE
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import choose, press, wait

Known = Callable[[str], Viewer]


def test_trail_is_shown_and_narrowed_to_a_kind(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/audit_trail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit trail")
    everything = words(page)
    choose(page, "What", "Guardian linked")
    wait(page)
    assert " entries" in words(page)
    assert words(page) != everything


def test_file_with_what_is_shown_is_one_link_away(signed_in: SignedIn, served: str) -> None:
    page = signed_in("admin")
    open_page(page, "/audit_trail")
    choose(page, "What", "Guardian linked")
    wait(page)
    address = page.get_by_role("link", name="All of them as CSV").get_attribute("href") or ""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    answer = httpx.get(served + address, cookies={SESSION_COOKIE: cookies[SESSION_COOKIE]}, timeout=30)
    assert answer.text.count("guardian.linked") > 3
    assert "account.added" not in answer.text


def test_time_of_keeping_is_set_on_the_page(signed_in: SignedIn, school: Record) -> None:
    page = signed_in("admin")
    open_page(page, "/audit_trail")
    page.get_by_label("Days").fill("500")
    press(page, "Save")
    expect(page.get_by_text("Entries are kept for 500 days from now on.")).to_be_visible()
    assert days_kept() == 500
    with school.writing() as tx:
        keep_for(tx, 400)


def test_a_time_of_keeping_that_is_impossible_is_refused_in_words(signed_in: SignedIn, school: Record) -> None:
    before = days_kept()
    page = signed_in("admin")
    open_page(page, "/audit_trail")
    page.get_by_label("Days").fill("5")
    press(page, "Save")
    expect(page.get_by_text("The audit trail can be kept for 30 to 3,660 days, not 5.")).to_be_visible()
    assert days_kept() == before


def test_whom_an_administrator_looks_up_stands_on_the_page(signed_in: SignedIn, viewer: Known) -> None:
    page, admin, student = signed_in("admin"), viewer("admin"), viewer("student").user_id
    open_page(page, f"/person?person={student}")
    wanted = TrailFilter(kind="person.looked_up", person_id=student)
    for _ in range(50):
        if not (found := audit_trail(admin, wanted)).is_empty():
            break
        page.wait_for_timeout(200)
    assert found.row(0, named=True)["actor_id"] == admin.user_id


def test_page_does_not_exist_for_others(signed_in: SignedIn) -> None:
    for username in ("teacher", "parent", "student"):
        page = signed_in(username)
        open_page(page, "/audit_trail")
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
