"""What a recording changed in where a learner stands, and what it did not, in words. Draws nothing."""

from dataclasses import dataclass
from typing import Any

from pages.widgets.words.percentages import day_text, score_text
from progress.recording.entries import STATUSES, Entry

Row = dict[str, Any]
_STANDING = ("status", "score", "is_passed", "completed_at")
STATUS_WORDS = {"not_started": "Not started", "in_progress": "In progress", "completed": "Completed"}


def standing_text(row: Row) -> str:
    """Where a learner stands in a module, from a row of `module_progress`: “Completed, 80%”."""
    status = STATUS_WORDS[row["status"]]
    return status if row["score"] is None else f"{status}, {score_text(row['score'])}"


@dataclass(frozen=True)
class Effect:
    """Whether the learner stands elsewhere in the module than before, and in words what did not come about, and why."""

    is_change: bool
    words: str = ""


def effect(entry: Entry, before: Row, after: Row, module: Row, time_zone: str) -> Effect:
    """What the entry brought about between two rows of `module_progress`.

    `module` as from `class_modules`: with the rules by which the module completes and a score counts.
    """
    is_change = any(before[name] != after[name] for name in _STANDING)
    said = (_score_words(entry, before, after, module), _status_words(entry, before, after, module, time_zone))
    words = " ".join(part for part in said if part)
    return Effect(is_change, words or ("" if is_change else f"Nothing changes by it: {standing_text(after)}."))


def _score_words(entry: Entry, before: Row, after: Row, module: Row) -> str:
    if entry.score is None:
        return ""
    if after["score"] is None:
        return "The module was set back later, so the score does not count."
    if after["score"] != entry.score:
        still = "still " if after["score"] == before["score"] else ""
        return f"The {module['score_rule']} score counts: {still}{score_text(after['score'])}."
    return f"The score was {score_text(entry.score)} already." if before["score"] == entry.score else ""


def _status_words(entry: Entry, before: Row, after: Row, module: Row, time_zone: str) -> str:
    """Nothing if the status became what was chosen, or none was chosen with a score."""
    match STATUSES.get(entry.status or "", ""):
        case "reset" if after["status"] != "not_started":
            return f"What was recorded for later still counts: {standing_text(after)}."
        case "reset":
            return "It was not started already." if before["status"] == "not_started" else ""
        case "completed" | "submitted" if after["status"] == "completed":
            return _completed_words(before, after, time_zone)
        case "submitted":
            return f"It is not completed by that: {_needs(module, after)}."
        case "played" if after["status"] == "completed":
            return f"It stays completed, since {day_text(after['completed_at'], time_zone)}."
        case "played" if before["status"] == "in_progress" and entry.score is None:
            return "It was in progress already."
    return ""


def _completed_words(before: Row, after: Row, time_zone: str) -> str:
    """Completed before, and still as of the same moment."""
    is_same = before["completed_at"] is not None and before["completed_at"] == after["completed_at"]
    return f"It was completed already, on {day_text(after['completed_at'], time_zone)}." if is_same else ""


def _needs(module: Row, after: Row) -> str:
    match module["completion_rule"]:
        case "passed" if after["pass_mark"] is not None:
            return f"it needs a score of {score_text(after['pass_mark'])} or more"
        case "watched":
            return "it needs to be watched"
    return "choose “Completed” to say that it is done"
