"""An administrator links guardians and children: ending a link asks first, and its word is not lost."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from data.record import Record
from data.viewer import Viewer
from progress.people.accounts import add_user, link_guardian
from queries.person import guardians
from tests.pages.conftest import Known, SignedIn
from tests.pages.screen import barriers, open_page
from tests.pages.steps import choose, press, wait

Family = tuple[int, str, str]


@pytest.fixture
def family(school: Record) -> Family:
    """A child's id and name, and the name of the mother: people of this test alone."""
    tail = uuid4().hex[:8]
    with school.writing() as tx:
        child = add_user(tx, f"Kit {tail}", roles=["student"])
        add_user(tx, f"Kat {tail}", roles=["student"])
        mother = add_user(tx, f"Mo {tail}", roles=["parent"])
        link_guardian(tx, mother, child, "mother")
    return child, f"Kit {tail}", f"Mo {tail}"


def test_ending_a_link_asks_first(signed_in: SignedIn, viewer: Known, family: Family) -> None:
    child, name, mother = family
    page = signed_in("admin")
    open_page(page, f"/person?person={child}")
    press(page, "End link…")
    expect(page.get_by_role("dialog")).to_contain_text(f"{mother} will no longer see anything of {name}.")
    assert barriers(page) == []
    press(page, "Cancel")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert _links(viewer("admin"), child) == [(mother, "mother")]


def test_a_link_that_is_taken_up_again_has_the_word_it_had(signed_in: SignedIn, viewer: Known, family: Family) -> None:
    child, name, mother = family
    page = signed_in("admin")
    open_page(page, f"/person?person={child}")
    press(page, "End link…")
    page.get_by_role("dialog").get_by_role("button", name="End link").click()
    expect(page.get_by_text(f"{mother} is no longer a guardian of {name}.")).to_be_visible()
    assert _links(viewer("admin"), child) == []
    _search(page, mother)
    choose(page, "Person", mother)
    press(page, "Link")
    expect(page.get_by_text(f"{name} and {mother} are linked.")).to_be_visible()
    assert _links(viewer("admin"), child) == [(mother, "mother")]


def test_a_guardian_is_searched_for_among_those_who_are_not_children(signed_in: SignedIn, family: Family) -> None:
    child, name, _ = family
    page = signed_in("admin")
    open_page(page, f"/person?person={child}")
    _search(page, "okafor")
    page.get_by_role("combobox", name="Person").click()
    offered = page.get_by_role("option").all_inner_texts()
    assert [each.split(" · ")[0] for each in offered] == ["Ngozi Okafor"]
    page.keyboard.press("Escape")
    _search(page, name.replace("Kit", "Kat"))
    expect(page.get_by_text("Nobody who could be a guardian has this in their name.")).to_be_visible()


def test_what_a_new_guardian_is_to_the_child_can_be_said(signed_in: SignedIn, viewer: Known, family: Family) -> None:
    child, _, mother = family
    page = signed_in("admin")
    open_page(page, f"/person?person={child}")
    _search(page, "childless")
    choose(page, "Person", "Childless")
    page.get_by_label("What the guardian is to the child").fill("aunt")
    page.get_by_label("What the guardian is to the child").press("Enter")
    wait(page)
    press(page, "Link")
    expect(page.get_by_text("are linked.")).to_be_visible()
    assert _links(viewer("admin"), child) == [("Childless", "aunt"), (mother, "mother")]


def _search(page: Page, name: str) -> None:
    page.get_by_label("Search by name").fill(name)
    wait(page)


def _links(admin: Viewer, child: int) -> list[tuple[str, str]]:
    return guardians(admin, child).select("guardian_name", "relationship").rows()
