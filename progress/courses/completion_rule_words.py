"""A completion rule as a sentence, the same on the page and in the API. The caller supplies the modules' titles."""

from collections.abc import Mapping

from progress.completion.course_rule import CompletionRule

BY_UNITS = "The course is complete when all its units are."


def described(rule: CompletionRule | None, titles: Mapping[int, str]) -> str:
    """What completes the course, as one sentence. None is “all units”."""
    if rule is None:
        return BY_UNITS
    parts = [*_lectures(rule), *_key_assignments(rule, titles), *_scores(rule)]
    conditions = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"The course is complete when {conditions}{_least_score_of_keys(rule)}."


def _lectures(rule: CompletionRule) -> list[str]:
    if rule.lecture_share is None:
        return []
    is_all = rule.lecture_share == 1
    return [
        "all its lectures are complete" if is_all else f"{100 * rule.lecture_share:g}% of its lectures are complete"
    ]


def _key_assignments(rule: CompletionRule, titles: Mapping[int, str]) -> list[str]:
    return [f"“{titles[key.module_id]}” is {key.needs}" for key in rule.key_assignments]


def _scores(rule: CompletionRule) -> list[str]:
    if rule.minimum_score is None or rule.key_assignments:
        return []
    return [f"every assignment, quiz and exam that counts has a score of at least {rule.minimum_score:g}%"]


def _least_score_of_keys(rule: CompletionRule) -> str:
    if rule.minimum_score is None or not rule.key_assignments:
        return ""
    each = "each " if len(rule.key_assignments) > 1 else ""
    return f", {each}with a score of at least {rule.minimum_score:g}%"
