"""Names are shown as they are, on every page and for every role: none becomes a link, an icon or a formula."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from data.models import Course, Guardian, Module, ProgressEvent, School, SchoolClass, Unit, User
from data.record import Record, open_record
from progress.people.sign_in import sign_in
from progress.sample.school import load_sample
from tests.pages.conftest import PASSWORDS, let_sign_in_quickly
from tests.pages.screen import open_page
from tests.pages.steps import wait
from tests.pages.tabs import DESKTOP, PHONE, Tabs
from tests.serving import environment, serving

ODD = [
    "https://evil.example/a",
    "www.evil.example",
    "tea@evil.example",
    "see http://evil.example?a=b",
    ":material/home: room",
    ":streamlit: :+1: :smile:",
    "a -> b <- c <-> d",
    "x -- y >= z <= w ~= v",
    "$x^2$ and $$y$$",
    ":red[Red] :blue-badge[b]",
    ':color[x]{foreground="red"}',
    "**bold** _it_ `code` ~~s~~",
    "[link](https://evil.example)",
    "![i](https://evil.example/i.png)",
    "<img src=x onerror=alert(1)>",
    "<b>b</b> &amp; &lt;",
    "# Title",
    "1. list",
    "- item",
    "> quote",
    "| a | b |",
    "back\\slash\\",
    "%{y} {0} {{name}}",
    "\u202egpj.exe",
    "a\u2067b\u2069c\u202ed",
    "שלום 5",
]
BY_NAMES = {"\u202e": "‹RLO›", "\u2067": "‹RLI›", "\u2069": "‹PDI›"}

NAMED = [
    *((School, School.name), (User, User.full_name), (Course, Course.title), (Unit, Unit.title)),
    *((Module, Module.title), (SchoolClass, SchoolClass.name)),
]

WITHOUT_NAMES = ["/access_tokens", "/sessions"]

# What stands in the page that only a name can have made.
MADE = """() => [...document.querySelectorAll(`
    a[href*="evil.example"], a[href^="mailto:"], img[src*="evil"], img[src="x"], img[alt="Streamlit logo"],
    [aria-label="home icon"], .katex, [style*="color: red"],
    [data-testid="stMarkdownContainer"] :is(del, blockquote, ol, b)
    `)].map(found => found.outerHTML.slice(0, 200))"""
TEXT = """() => document.body.innerText + " " +
    [...document.querySelectorAll("svg text")].map(label => label.textContent).join(" ")"""


@pytest.fixture(scope="module")
def odd_record(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The sample school, in which every name is an odd one."""
    var = tmp_path_factory.mktemp("odd")
    shutil.copyfile(migrated_sqlite_file, var / "waymark.db")
    url = f"sqlite:///{var / 'waymark.db'}"
    with environment(WAYMARK_VAR=str(var), DATABASE_URL=url):
        record = open_record(url)
        load_sample(record)
        rename(record)
        let_sign_in_quickly(record)
        yield record
        record.close()


def rename(record: Record) -> None:
    with record.writing() as tx:
        for shift, (model, column) in enumerate(NAMED):
            for place, row_id in enumerate(tx.execute(select(model.id).order_by(model.id)).scalars().all()):
                odd = {column.key: ODD[(place + shift * 5) % len(ODD)], "changed_in": tx.number}
                tx.execute(update(model).where(model.id == row_id).values(odd))
        tx.execute(update(Guardian).values(relationship=ODD[0], changed_in=tx.number))
        tx.execute(update(ProgressEvent).where(ProgressEvent.reason.is_not(None)).values(reason=ODD[4]))


@pytest.fixture(scope="module")
def odd_tabs(odd_record: Record, browser: Browser) -> Iterator[Tabs]:
    var = Path(odd_record.url.removeprefix("sqlite:///")).parent
    with serving(odd_record.url, var) as address, Tabs(browser, address) as tabs:
        yield tabs


def addresses(record: Record, username: str) -> list[str]:
    with record.reading() as connection:
        first: dict[str, Any] = {
            "course": connection.scalar(select(Course.id).order_by(Course.id)),
            "lecture": connection.scalar(select(Module.id).where(Module.media_url.is_not(None)).order_by(Module.id)),
            "student": connection.scalar(select(User.id).where(User.username == "student")),
        }
    return {
        "student": ["/my_courses", "/my_course", f"/lecture?module={first['lecture']}", "/my_timeline"],
        "teacher": ["/my_classes", "/class_progress", "/learner_progress", "/record_progress"],
        "parent": ["/my_children", "/child_progress", "/child_timeline"],
        "admin": [
            *("/course_completion", "/cohort_trend", "/people", f"/person?person={first['student']}"),
            *("/import_data", "/video_statements", "/data_check", f"/completion_rule?course={first['course']}"),
            *("/school", "/audit_trail"),
        ],
    }[username] + WITHOUT_NAMES


def shown(page: Page) -> str:
    """All text of the page, also of its charts, without what is not seen."""
    text: str = page.evaluate(TEXT)
    assert not re.search("[\u202a-\u202e\u2066\u2067]", text), "a direction is turned"
    return re.sub("[\u2060\u2068\u2069]", "", text)


@pytest.mark.parametrize("username", list(PASSWORDS))
def test_no_name_becomes_a_link_an_icon_or_a_formula(odd_tabs: Tabs, odd_record: Record, username: str) -> None:
    token = sign_in(username, PASSWORDS[username], "192.0.2.1")
    with odd_tabs.signed_in(token, scheme="light", width=DESKTOP) as page:
        for address in addresses(odd_record, username):
            open_page(page, address)
            assert page.evaluate(MADE) == [], address
            text = shown(page)
            assert not set("→←↔≥≤≈👍") & set(text), address
            assert not re.search("[\u202a-\u202e\u2066\u2067]", page.title())
            assert address in WITHOUT_NAMES or any(as_shown(odd) in text for odd in ODD), address


def test_every_odd_name_is_shown_whole_to_who_searches_for_it(odd_tabs: Tabs, odd_record: Record) -> None:
    with odd_tabs.signed_in(sign_in("admin", PASSWORDS["admin"], "192.0.2.1"), scheme="light", width=DESKTOP) as page:
        open_page(page, "/people")
        for odd in ODD:
            page.get_by_label("Search").fill(odd)
            expect(page.get_by_text(re.compile(r"^[1-9] (person|people)$"))).to_be_visible()
            wait(page)
            assert as_shown(odd) in shown(page)
            assert page.evaluate(MADE) == []


def test_lists_to_choose_from_show_names_as_they_are(odd_tabs: Tabs, odd_record: Record) -> None:
    with odd_tabs.signed_in(sign_in("teacher", PASSWORDS["teacher"], "192.0.2.1"), scheme="dark", width=PHONE) as page:
        open_page(page, "/learner_progress")
        page.get_by_role("combobox").first.click()
        options = page.get_by_role("option")
        expect(options.first).to_be_visible()
        assert page.evaluate(MADE) == []
        listed = [re.sub("[\u2068\u2069]", "", text) for text in options.all_inner_texts()]
        assert listed
        assert all(any(as_shown(odd) in text for odd in ODD) for text in listed)
        assert not re.search("[\u202a-\u202e\u2066\u2067]", "".join(listed))


def as_shown(odd: str) -> str:
    for character, name in BY_NAMES.items():
        odd = odd.replace(character, name)
    return odd
