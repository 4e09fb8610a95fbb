"""A course's completion rule in words, for its learners. `completion_rules` changes it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from progress.completion.course_rule import CompletionRule
from progress.courses.completion_rule_words import described
from progress.courses.completion_rules import RuleHistory, rule_history


def rule_now(course_id: int) -> str | None:
    """What completes the course now; None if that is all units. The caller checks who may see the course."""
    history = rule_history(course_id)
    rule = history.versions[-1].rule if history.versions else None
    return None if rule is None else described(rule, _titles(history))


def rule_that_completed(course_id: int, completed_at: datetime) -> str | None:
    """The newest rule that can have completed the course at this moment (UTC), in words; None if there is none."""
    history = rule_history(course_id)
    moment = completed_at.replace(tzinfo=UTC) if completed_at.tzinfo is None else completed_at
    rule = next(_rules_at(history, moment), None)
    return None if rule is None else described(rule, _titles(history))


def _rules_at(history: RuleHistory, moment: datetime) -> Iterator[CompletionRule]:
    """The rules that can complete the course at this moment, newest first."""
    ends = [*(after.created_at for after in history.versions[1:]), None]
    for version, end in reversed(list(zip(history.versions, ends, strict=False))):
        has_begun = version.applies_from is None or version.applies_from <= moment
        if version.rule is not None and has_begun and (end is None or moment < end):
            yield version.rule


def _titles(history: RuleHistory) -> Mapping[int, str]:
    """Titles by module id; learners must not see those of hidden modules."""
    return defaultdict(lambda: "an assignment that is hidden now", history.open_titles)
