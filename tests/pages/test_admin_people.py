"""An administrator finds people and changes their roles, passwords, families and accounts; each change is confirmed."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from data.record import Record
from data.viewer import Viewer
from progress.people.accounts import add_user, end_role
from progress.people.sign_in import WrongCredentials, sign_in, user_with_set_password
from queries.people import people
from queries.person import guardians
from tests.pages.conftest import OTHERS_PASSWORD, SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import choose, press, wait

Known = Callable[[str], Viewer]
ADDRESS = "192.0.2.7"


@pytest.fixture
def guest(school: Record) -> tuple[int, str]:
    """Someone whom only this test changes: the id, and the username, which is part of the name too."""
    username = f"guest{uuid4().hex[:8]}"
    with school.writing() as tx:
        user_id = add_user(tx, f"Guest {username}", username=username, password=OTHERS_PASSWORD, roles=["student"])
    return user_id, username


def test_the_list_starts_with_the_first_people_by_name_and_says_how_many(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    everyone = people(viewer("admin"))
    assert f"{everyone.height} people" in words(page)
    assert _names(page) == everyone["full_name"].head(25).to_list()


def test_further_people_stand_on_further_pages(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    page.get_by_role("button", name="Next page").click()
    wait(page)
    assert _names(page) == people(viewer("admin"))["full_name"].slice(25, 25).to_list()


def test_people_are_found_by_a_part_of_the_name(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    found = people(viewer("admin"), search="okaf")["full_name"].to_list()
    assert set(found) == {"Amara Okafor", "Chidi Okafor", "Ngozi Okafor"}
    page.get_by_label("Search").fill("okaf")
    expect(page.get_by_text(f"{len(found)} people")).to_be_visible()
    assert _names(page) == found


def test_people_are_narrowed_to_a_role(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    choose(page, "Role", "Teacher")
    assert _names(page) == people(viewer("admin"), role="teacher")["full_name"].to_list()


def test_a_search_that_finds_nobody_says_what_to_do(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    page.get_by_label("Search").fill("nobody at all")
    expect(page.get_by_text("Nobody found")).to_be_visible()


def test_a_name_leads_to_the_person(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/people")
    page.get_by_label("Search").fill("ngozi")
    page.get_by_role("link", name="Ngozi Okafor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ngozi Okafor")
    expect(page).to_have_url(re.compile(rf"/person\?person={viewer('parent').user_id}$"))


def test_someone_added_can_sign_in_with_the_first_password(signed_in: SignedIn) -> None:
    username = f"new{uuid4().hex[:8]}"
    page = signed_in("admin")
    open_page(page, "/person")
    page.get_by_label("Full name").fill("Nora New")
    page.get_by_text("Teacher", exact=True).click()
    page.get_by_label("Username").fill(username)
    page.get_by_label("First password").fill("a good password")
    press(page, "Add")
    expect(page.get_by_text("Nora New was added.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora New")
    token = sign_in(username, "a good password", ADDRESS)
    assert user_with_set_password(token) is not None, "it is changed before anything else"
    expect(page.get_by_role("checkbox", name="Teacher")).to_be_checked()


@pytest.mark.parametrize(
    ("username", "password", "refusal"),
    [
        ("student", "a good password", "The username “student” is taken."),
        ("two words", "a good password", "cannot be a username"),
        ("fresh", "short", "The password has 5 characters; it needs at least 12."),
    ],
)
def test_a_refused_person_is_not_added_and_what_was_typed_stays(
    username: str, password: str, refusal: str, signed_in: SignedIn, viewer: Known
) -> None:
    page = signed_in("admin")
    open_page(page, "/person")
    page.get_by_label("Full name").fill("Rea Fused")
    page.get_by_label("Username").fill(username)
    page.get_by_label("First password").fill(password)
    press(page, "Add")
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text(refusal)
    expect(page.get_by_label("Full name")).to_have_value("Rea Fused")
    assert people(viewer("admin"), search="Rea Fused").is_empty()


def test_roles_are_given_and_ended(signed_in: SignedIn, viewer: Known, guest: tuple[int, str]) -> None:
    user_id, username = guest
    page = signed_in("admin")
    open_page(page, f"/person?person={user_id}")
    page.get_by_text("Student", exact=True).last.click()
    page.get_by_text("Teacher", exact=True).click()
    press(page, "Save roles")
    expect(page.get_by_text(f"Guest {username} is now a teacher and is no longer a student.")).to_be_visible()
    assert people(viewer("admin"), search=username)["roles"].to_list() == [["teacher"]]


def test_the_last_administrator_can_neither_give_up_the_role_nor_be_closed(
    signed_in: SignedIn, school: Record, viewer: Known
) -> None:
    admin = viewer("admin")
    with school.writing() as tx:
        for other in people(admin, role="administrator")["user_id"]:
            if other != admin.user_id:
                end_role(tx, other, "administrator")
    page = signed_in("admin")
    open_page(page, f"/person?person={admin.user_id}")
    page.get_by_text("Administrator", exact=True).last.click()
    press(page, "Save roles")
    refusal = "This is the last administrator who can sign in. Make someone else an administrator first."
    expect(page.get_by_text(refusal)).to_be_visible()
    open_page(page, f"/person?person={admin.user_id}")
    press(page, "Close the account…")
    page.get_by_role("dialog").get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("dialog").get_by_text(refusal)).to_be_visible()
    assert viewer("admin").sees_everyone


def test_a_new_password_replaces_the_old_one(signed_in: SignedIn, guest: tuple[int, str]) -> None:
    user_id, username = guest
    page = signed_in("admin")
    open_page(page, f"/person?person={user_id}")
    page.get_by_label("At least 12 characters").fill("tiny")
    press(page, "Set password")
    expect(page.get_by_text("The password has 4 characters; it needs at least 12.")).to_be_visible()
    page.get_by_label("At least 12 characters").fill("the second password")
    press(page, "Set password")
    expect(page.get_by_text(f"Guest {username} has a new password")).to_be_visible()
    assert user_with_set_password(sign_in(username, "the second password", ADDRESS)) is not None
    with pytest.raises(WrongCredentials):
        sign_in(username, OTHERS_PASSWORD, ADDRESS)


def test_a_closed_account_cannot_sign_in_until_it_is_opened_again(signed_in: SignedIn, guest: tuple[int, str]) -> None:
    user_id, username = guest
    page = signed_in("admin")
    open_page(page, f"/person?person={user_id}")
    press(page, "Close the account…")
    page.get_by_role("dialog").get_by_role("button", name="Close the account").click()
    expect(page.get_by_text(f"Guest {username}’s account is closed.")).to_be_visible()
    with pytest.raises(WrongCredentials):
        sign_in(username, OTHERS_PASSWORD, ADDRESS)
    press(page, "Open the account again")
    expect(page.get_by_text(f"Guest {username}’s account is open again.")).to_be_visible()
    assert sign_in(username, OTHERS_PASSWORD, ADDRESS)


def test_a_linked_guardian_sees_the_child_until_the_link_ends(
    signed_in: SignedIn, viewer: Known, guest: tuple[int, str]
) -> None:
    user_id, username = guest
    admin = viewer("admin")
    page = signed_in("admin")
    open_page(page, f"/person?person={user_id}")
    page.get_by_label("Search by name").fill("childless")
    expect(page.get_by_role("combobox", name="Person")).to_be_visible()
    choose(page, "Person", "Childless")
    press(page, "Link")
    expect(page.get_by_text(f"Guest {username} and Childless · childless are linked.")).to_be_visible()
    assert guardians(admin, user_id)["guardian_name"].to_list() == ["Childless"]
    parent = signed_in("childless")
    open_page(parent, "/my_children")
    assert f"Guest {username}" in words(parent)
    press(page, "End link…")
    page.get_by_role("dialog").get_by_role("button", name="End link").click()
    expect(page.get_by_text(f"Childless is no longer a guardian of Guest {username}.")).to_be_visible()
    open_page(parent, "/my_children")
    assert f"Guest {username}" not in words(parent)


@pytest.mark.parametrize("asked", ["987654", "abc", "9" * 30, "-1"])
def test_a_number_that_nobody_has_is_said_to_be_so(asked: str, signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, f"/person?person={asked}")
    assert "No such person" in words(page)


def _names(page: Page) -> list[str]:
    """The names on the page of the list that is shown."""
    links = page.get_by_test_id("stMain").get_by_test_id("stPageLink").all_inner_texts()
    return [text.splitlines()[0] for text in links if "Add a person" not in text]
