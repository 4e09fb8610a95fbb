"""An administrator sets the school's time zone: searched by a part of its name, with what it changes said."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from data.models import School
from data.record import Record
from progress.courses.schools import set_time_zone
from progress.people.accounts import add_school
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import wait


def zones(record: Record) -> dict[str, str]:
    with record.reading() as connection:
        return dict(connection.execute(select(School.name, School.time_zone)).tuples().all())


@pytest.fixture(autouse=True)
def as_it_was(school: Record) -> Iterator[None]:
    """Other tests look at the same school."""
    before = zones(school)
    yield
    with school.writing() as tx:
        for school_id, name in tx.execute(select(School.id, School.name)).all():
            if name in before:
                set_time_zone(tx, [school_id], before[name], datetime.now(UTC))
        tx.execute(
            update(School).where(School.name.not_in(before)).values(ended_at=datetime.now(UTC), changed_in=tx.number)
        )
        tx.execute(update(School).values(parent_id=None, changed_in=tx.number))


def test_time_zone_is_searched_and_saved_by_keyboard(signed_in: SignedIn, school: Record) -> None:
    page = signed_in("admin")
    open_page(page, "/school")
    assert "the moment at which something happened" in words(page)
    box = page.get_by_role("combobox", name="Time zone")
    box.focus()
    box.press_sequentially("los ang")
    expect(page.get_by_role("option").filter(has_text="Los Angeles (America)")).to_be_visible()
    box.press("Enter")
    wait(page)
    page.get_by_role("button", name="Save time zone").press("Enter")
    wait(page)
    expect(page.get_by_text("are counted in America/Los Angeles.")).to_be_visible()
    assert zones(school) == {"Alder Grove School": "America/Los_Angeles"}


def test_district_takes_its_schools_along_when_that_is_ticked(signed_in: SignedIn, school: Record) -> None:
    with school.writing() as tx:
        district = add_school(tx, "Alder District")
        below = update(School).where(School.id != district)
        tx.execute(below.values(parent_id=district, changed_in=tx.number))
        tx.execute(update(School).where(School.id == district).values(kind="district", changed_in=tx.number))
    page = signed_in("admin")
    open_page(page, "/school")
    box = page.get_by_role("combobox", name="School")
    box.focus()
    box.press_sequentially("district")
    box.press("Enter")
    wait(page)
    page.get_by_role("checkbox", name="Also for the 1 below it: Alder Grove School").set_checked(True, force=True)
    wait(page)
    zone = page.get_by_role("combobox", name="Time zone")
    zone.focus()
    zone.press_sequentially("tokyo")
    zone.press("Enter")
    wait(page)
    page.get_by_role("button", name="Save time zone").click()
    wait(page)
    expect(page.get_by_text("and 1 below it are counted in Asia/Tokyo.")).to_be_visible()
    assert set(zones(school).values()) == {"Asia/Tokyo"}
