"""No page of the menu is left out of the tests of accessibility."""

from pathlib import Path

import pytest

from pages import menu
from tests.pages import test_accessibility, test_admin_accessibility, test_teacher_accessibility

LISTED = {
    path.strip("/").partition("?")[0]
    for file in (test_accessibility, test_admin_accessibility, test_teacher_accessibility)
    for _, path in file.PAGES
}
WITH_TESTS_OF_THEIR_OWN = {
    "lecture": "test_lecture.py",
    "access_tokens": "test_access_tokens.py",
    "sessions": "test_sessions.py",
}
OF_ROLES = [file for _, files in menu.PAGES.values() for file, _, _ in files]


@pytest.mark.parametrize("file", [*OF_ROLES, *(file for file, _ in menu.ACCOUNT_PAGES)])
def test_a_page_is_looked_at_by_axe(file: str) -> None:
    page = Path(file).stem
    assert page in LISTED | WITH_TESTS_OF_THEIR_OWN.keys()


@pytest.mark.parametrize("test_file", WITH_TESTS_OF_THEIR_OWN.values())
def test_tests_of_their_own_ask_axe(test_file: str) -> None:
    assert "barriers(" in Path(__file__).with_name(test_file).read_text(encoding="utf-8")
