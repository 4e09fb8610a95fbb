"""What a recording changed and what not, in words, for every rule. The states are folded as the record folds them."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest

from pages.teacher.recording.effects import Effect, effect
from progress.completion.module_state import Evidence, ModuleRule, module_state
from progress.recording.entries import RESET, Entry, event_of

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BEST = ModuleRule("submitted", pass_mark=50)
LATEST = ModuleRule("submitted", pass_mark=50, score_rule="latest")
PASSED = ModuleRule("passed", pass_mark=50)
MANUAL = ModuleRule("manual")
WATCHED = ModuleRule("watched", duration_seconds=600)


def stated(status: str | None = None, score: float | None = None, day: int = 20, note: str | None = None) -> Entry:
    """What a teacher states for a day of November."""
    return Entry(1, 2, status, score, date(2026, 11, day), note)


def effect_of(rule: ModuleRule, *entries: Entry) -> Effect:
    """What the last of the entries brought about after the others, as `module_state` has it."""
    *earlier, last = entries
    before, after = (_row(rule, [*earlier, *more]) for more in ([], [last]))
    module = {"completion_rule": rule.completion_rule, "score_rule": rule.score_rule}
    return effect(last, before, after, module, "UTC")


@pytest.mark.parametrize(
    ("rule", "entries", "words"),
    [
        (BEST, [stated(score=85, day=3), stated(score=35, day=4)], "The best score counts: still 85%."),
        (BEST, [stated(score=85, day=3), stated(score=85, day=4)], "The score was 85% already."),
        (
            MANUAL,
            [stated("Completed", day=3), stated("Completed", day=4)],
            "It was completed already, on 3 November.",
        ),
        (
            BEST,
            [stated("Submitted", day=3), stated("Submitted", day=4)],
            "It was completed already, on 3 November.",
        ),
        (
            MANUAL,
            [stated("Completed", day=3), stated("In progress", day=4)],
            "It stays completed, since 3 November.",
        ),
        (MANUAL, [stated("In progress", day=3), stated("In progress", day=4)], "It was in progress already."),
        (
            MANUAL,
            [stated("Completed", day=4), stated(RESET, day=3, note="mistake")],
            "What was recorded for later still counts: Completed.",
        ),
        (MANUAL, [stated(RESET, day=3, note="mistake")], "It was not started already."),
        (
            BEST,
            [stated(score=85, day=3), stated("Completed", 35, day=4)],
            "The best score counts: still 85%. It was completed already, on 3 November.",
        ),
    ],
)
def test_what_changes_nothing_is_said_to_with_the_reason(rule: ModuleRule, entries: list[Entry], words: str) -> None:
    assert effect_of(rule, *entries) == Effect(is_change=False, words=words)


@pytest.mark.parametrize(
    ("rule", "entries", "words"),
    [
        (PASSED, [stated("Submitted")], "It is not completed by that: it needs a score of 50% or more."),
        (WATCHED, [stated("Submitted")], "It is not completed by that: it needs to be watched."),
        (MANUAL, [stated("Submitted")], "It is not completed by that: choose “Completed” to say that it is done."),
        (LATEST, [stated(score=85, day=4), stated(score=35, day=3)], "The latest score counts: still 85%."),
        (
            LATEST,
            [stated(score=40, day=5), stated("Completed", 90, day=3)],
            "The latest score counts: still 40%.",
        ),
    ],
)
def test_what_comes_about_in_part_says_what_does_not(rule: ModuleRule, entries: list[Entry], words: str) -> None:
    assert effect_of(rule, *entries) == Effect(is_change=True, words=words)


@pytest.mark.parametrize(
    ("rule", "entries"),
    [
        (BEST, [stated(score=35, day=3), stated(score=85, day=4)]),
        (LATEST, [stated(score=85, day=3), stated(score=35, day=4)]),
        (MANUAL, [stated("Completed", day=4), stated("Completed", day=3)]),
        (MANUAL, [stated("Completed", day=3), stated(RESET, day=4, note="mistake")]),
        (MANUAL, [stated("In progress")]),
        (PASSED, [stated(score=40)]),
    ],
)
def test_what_comes_about_as_stated_needs_no_words(rule: ModuleRule, entries: list[Entry]) -> None:
    assert effect_of(rule, *entries) == Effect(is_change=True)


def _row(rule: ModuleRule, entries: list[Entry]) -> dict[str, object]:
    state = module_state(rule, [_evidence(entry, str(number)) for number, entry in enumerate(entries)])
    return asdict(state) | {"pass_mark": rule.pass_mark}


def _evidence(entry: Entry, event_id: str) -> Evidence:
    event = event_of(entry, source="test", event_id=event_id, now=NOW, time_zone="UTC")
    return Evidence(event.kind, event.occurred_at, "test", event_id, "staff", event.score)
