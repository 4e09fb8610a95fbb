"""How a status reads: an icon and words, never a colour alone. The meaning of each status is the record's."""

from typing import Any

from pages.widgets.words.markdown import icon, plain, small
from pages.widgets.words.percentages import (
    NO_FIGURE,
    count_text,
    day_text,
    duration_text,
    percent_text,
    plural,
    score_text,
    share_text,
)

Row = dict[str, Any]

_STATUS_ICONS = {
    "completed": "check_circle",
    "in_progress": "timelapse",
    "not_started": "radio_button_unchecked",
    None: "remove",
    "dropped": "block",
}
_ASSESSED_KINDS = ("assignment", "quiz", "exam")


def course_status(course: Row, time_zone: str, *, by_rule: bool = False) -> str:
    """Where a learner stands in a course, from a row of `course_progress`. A completion, once earned, stays said.

    With something left to do it says by what it was earned: `by_rule` by the course's own, not by all units.
    """
    words = {"not_started": "Not started", "in_progress": "In progress", "completed": "Completed", "dropped": "Dropped"}
    more = ""
    if course["status"] == "completed":
        more = _completion_text(course, time_zone, by_rule=by_rule)
    elif course["status"] == "dropped":
        more = f" on {day_text(course['dropped_at'], time_zone)}"
    return f"{icon(_STATUS_ICONS[course['status']])} {words[course['status']]}{more}"


def lacked_modules(course: Row) -> bool:
    """Whether a completed course lacks more modules than were added since: then all its units did not complete it."""
    left: int = course["total_modules"] - course["completed_modules_count"]
    return bool(left > course["new_modules_count"])


def _completion_text(course: Row, time_zone: str, *, by_rule: bool) -> str:
    earned, new = course["completed_at"] or course["enrolment_completed_at"], course["new_modules_count"]
    by, done = "", ""
    if lacked_modules(course):
        by = " by its rule" if by_rule else "" if course["completed_at"] else " by the school’s word"
        done = f" · {count_text(course['completed_modules_count'], course['total_modules'], 'module')}"
    on = f" on {day_text(earned, time_zone)}" if earned else ""
    since = f" · {plural(new, 'new module')} since" if new else ""
    return f"{by}{on}{done}{since}"


def unit_label(unit: Row) -> str:
    """A unit in one line, from a row of `unit_progress`: an icon, its title, its percentage and its counts."""
    done, total = unit["completed_modules_count"], unit["total_modules"]
    counts = f"{percent_text(unit['shown_percentage'])} · {count_text(done, total, 'module')}"
    counts = counts if unit["status"] else "nothing in it counts yet"
    return f"{icon(_STATUS_ICONS[unit['status']])} **{plain(unit['unit_title'])}** {small(counts)}"


def module_status(module: Row, time_zone: str) -> str:
    """Where a learner stands in a module, from a row of `module_progress`."""
    status = module["status"]
    if status == "completed":
        return f"{icon(_STATUS_ICONS[status])} Completed {day_text(module['completed_at'], time_zone)}"
    if module["availability"] == "upcoming":
        return f"{icon('event')} Opens {day_text(module['opens_at'], time_zone)}"
    if status == "in_progress":
        return f"{icon(_STATUS_ICONS[status])} In progress"
    return f"{icon(_STATUS_ICONS[status])} Not started"


def module_details(module: Row) -> str:
    """What kind of module it is, how long it takes, and whether it counts."""
    parts = [module["module_kind"].capitalize()]
    if module["duration_seconds"]:
        parts.append(duration_text(module["duration_seconds"]))
    if not module["is_required"]:
        parts.append("optional")
    if module["availability"] == "retired":
        parts.append("retired")
    return " · ".join(parts)


def module_result(module: Row) -> str:
    """The score and whether it passed, or how much of a lecture was watched; "–" where nothing is measured."""
    if module["watched_share"] is not None:
        return f"Watched {share_text(module['watched_share'])}"
    if module["score"] is None and module["module_kind"] not in _ASSESSED_KINDS:
        return NO_FIGURE
    passed = {True: " · passed", False: " · not passed", None: ""}[module["is_passed"]]
    return score_text(module["score"]) + passed
