"""A status is an icon and words, and says what the record means by it."""

from datetime import datetime
from typing import Any

import pytest

from pages.widgets.words.status import course_status, module_details, module_result, module_status, unit_label

DAY = datetime(2020, 5, 3, 12)


def course(**changes: Any) -> dict[str, Any]:
    return {
        "status": "completed",
        "dropped_at": None,
        "completed_at": None,
        "enrolment_completed_at": None,
        "new_modules_count": 0,
        "completed_modules_count": 30,
        "total_modules": 30,
    } | changes


def module(**changes: Any) -> dict[str, Any]:
    return {
        "module_kind": "reading",
        "status": "not_started",
        "availability": "open",
        "opens_at": None,
        "completed_at": None,
        "score": None,
        "is_passed": None,
        "watched_share": None,
        "duration_seconds": None,
        "is_required": True,
    } | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "in_progress"}, "In progress"),
        ({"status": "not_started"}, "Not started"),
        ({"completed_at": DAY}, "Completed on 3 May 2020"),
        (
            {"completed_at": DAY, "new_modules_count": 1, "completed_modules_count": 29},
            "Completed on 3 May 2020 · 1 new module since",
        ),
        (
            {"completed_at": DAY, "new_modules_count": 2, "completed_modules_count": 28},
            "Completed on 3 May 2020 · 2 new modules since",
        ),
        ({"enrolment_completed_at": DAY}, "Completed on 3 May 2020"),
        ({}, "Completed"),
        ({"completed_at": DAY, "completed_modules_count": 20}, "Completed on 3 May 2020 · 20 of 30 modules"),
        (
            {"completed_at": DAY, "completed_modules_count": 20, "new_modules_count": 1},
            "Completed on 3 May 2020 · 20 of 30 modules · 1 new module since",
        ),
        (
            {"enrolment_completed_at": DAY, "completed_modules_count": 20},
            "Completed by the school’s word on 3 May 2020 · 20 of 30 modules",
        ),
        ({"status": "dropped", "dropped_at": DAY, "completed_at": DAY}, "Dropped on 3 May 2020"),
    ],
)
def test_a_course_says_where_the_learner_stands(changes: dict[str, Any], words: str) -> None:
    icon, _, said = course_status(course(**changes), "UTC").partition(" ")
    assert icon.startswith(":material/")
    assert said == words


def test_a_course_that_its_rule_completed_says_so_with_what_is_done() -> None:
    said = course_status(course(completed_at=DAY, completed_modules_count=20), "UTC", by_rule=True)
    assert said.partition(" ")[2] == "Completed by its rule on 3 May 2020 · 20 of 30 modules"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Not started"),
        ({"status": "in_progress"}, "In progress"),
        ({"status": "completed", "completed_at": DAY}, "Completed 3 May 2020"),
        ({"availability": "upcoming", "opens_at": DAY}, "Opens 3 May 2020"),
        ({"availability": "retired", "status": "completed", "completed_at": DAY}, "Completed 3 May 2020"),
    ],
)
def test_a_module_says_where_the_learner_stands(changes: dict[str, Any], words: str) -> None:
    icon, _, said = module_status(module(**changes), "UTC").partition(" ")
    assert icon.startswith(":material/")
    assert said == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "–"),
        ({"module_kind": "quiz"}, "Not assessed"),
        ({"module_kind": "quiz", "score": 40.0, "is_passed": True}, "40% · passed"),
        ({"module_kind": "quiz", "score": 39.5, "is_passed": False}, "39.5% · not passed"),
        ({"module_kind": "exam", "score": 0.0}, "0%"),
        ({"module_kind": "lecture", "watched_share": 0.996}, "Watched 99%"),
        ({"module_kind": "lecture", "watched_share": 0.29}, "Watched 29%"),
        ({"module_kind": "lecture"}, "–"),
    ],
)
def test_a_result_is_what_was_measured(changes: dict[str, Any], words: str) -> None:
    assert module_result(module(**changes)) == words


def test_details_say_what_does_not_count() -> None:
    lecture = module(module_kind="lecture", duration_seconds=600, is_required=False, availability="retired")
    assert module_details(lecture) == "Lecture · 10 min · optional · retired"


@pytest.mark.parametrize(
    ("status", "done", "total", "shown", "words"),
    [
        ("completed", 2, 2, 100, ":material/check_circle: **Cells** :small[:gray[100% · 2 of 2 modules]]"),
        ("in_progress", 1, 2, 50, ":material/timelapse: **Cells** :small[:gray[50% · 1 of 2 modules]]"),
        ("not_started", 0, 2, 0, ":material/radio_button_unchecked: **Cells** :small[:gray[0% · 0 of 2 modules]]"),
        (None, 0, 0, None, ":material/remove: **Cells** :small[:gray[nothing in it counts yet]]"),
    ],
)
def test_a_unit_says_how_far_it_is(status: str | None, done: int, total: int, shown: int | None, words: str) -> None:
    counts = {"completed_modules_count": done, "total_modules": total, "shown_percentage": shown}
    assert unit_label({"unit_title": "Cells", "status": status} | counts) == words
