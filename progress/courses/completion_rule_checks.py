"""The checks that a completion rule must pass to be saved, with a named error for each way to fail."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from data.models.completion import NEEDS
from progress.completion.course_parts import ModuleFacts
from progress.completion.course_rule import CompletionRule, KeyAssignment
from progress.completion.course_shape import CourseShape

HANDED_IN_KINDS = ("assignment", "quiz", "exam", "activity")


class InvalidRule(ValueError):
    """A rule that cannot be saved. `field` names the part that is wrong; empty means the rule as a whole."""

    field = ""


class EmptyRule(InvalidRule):
    def __init__(self) -> None:
        super().__init__("A rule asks for something: a share of the lectures, key assignments or a minimum score.")


class WrongLectureShare(InvalidRule):
    field = "lecture_share"

    def __init__(self, share: float) -> None:
        super().__init__(f"{share:g} is not a share of the lectures: it is more than 0 and at most 1.")
        self.share = share


class WrongMinimumScore(InvalidRule):
    field = "minimum_score"

    def __init__(self, score: float) -> None:
        super().__init__(f"The minimum score {score:g} is not between 0 and 100.")
        self.score = score


class UnknownNeed(InvalidRule):
    field = "key_assignments"

    def __init__(self, needs: str) -> None:
        super().__init__(f"A key assignment needs to be one of: {', '.join(NEEDS)}. “{needs}” is none of them.")
        self.needs = needs


class NotOfThisCourse(InvalidRule):
    """Modules of another course, or none at all: the message does not tell which, so it gives nothing away."""

    field = "key_assignments"

    def __init__(self, module_ids: list[int]) -> None:
        super().__init__(f"These are no modules of this course: {', '.join(map(str, module_ids))}.")
        self.module_ids = module_ids


class NamedTwice(InvalidRule):
    field = "key_assignments"

    def __init__(self, modules: list[ModuleFacts]) -> None:
        super().__init__(f"Name each key assignment once. Named twice: {_titles(modules)}.")
        self.module_ids = [module.module_id for module in modules]


class NotOpenModules(InvalidRule):
    field = "key_assignments"

    def __init__(self, modules: list[ModuleFacts]) -> None:
        super().__init__(
            f"Only what is published and not retired can be a key assignment. This does not hold of {_titles(modules)}."
        )
        self.module_ids = [module.module_id for module in modules]


class NeverHandedIn(InvalidRule):
    field = "key_assignments"

    def __init__(self, modules: list[ModuleFacts]) -> None:
        super().__init__(f"Lectures and readings are neither submitted nor passed. This holds of {_titles(modules)}.")
        self.module_ids = [module.module_id for module in modules]


def check_rule(shape: CourseShape, rule: CompletionRule, now: datetime) -> None:
    """Raise the InvalidRule that applies, if the rule cannot be saved for this course."""
    if rule == CompletionRule():
        raise EmptyRule
    if rule.lecture_share is not None and not 0 < rule.lecture_share <= 1:
        raise WrongLectureShare(rule.lecture_share)
    if rule.minimum_score is not None and not 0 <= rule.minimum_score <= 100:
        raise WrongMinimumScore(rule.minimum_score)
    _check_key_assignments(shape, rule.key_assignments, now)


def _check_key_assignments(shape: CourseShape, keys: Iterable[KeyAssignment], now: datetime) -> None:
    times = Counter(key.module_id for key in keys)
    if unknown := sorted(times.keys() - shape.modules.keys()):
        raise NotOfThisCourse(unknown)
    if twice := [shape.modules[module_id] for module_id, count in times.items() if count > 1]:
        raise NamedTwice(twice)
    if closed := [shape.modules[m] for m in sorted(times) if not _is_open(shape.modules[m], now)]:
        raise NotOpenModules(closed)
    if unsuited := [shape.modules[m] for m in sorted(times) if shape.modules[m].kind not in HANDED_IN_KINDS]:
        raise NeverHandedIn(unsuited)
    for key in keys:
        if key.needs not in NEEDS:
            raise UnknownNeed(key.needs)


def _titles(modules: Iterable[ModuleFacts]) -> str:
    return ", ".join(f"“{module.title}”" for module in modules)


def _is_open(module: ModuleFacts, now: datetime) -> bool:
    is_published = module.published_at is not None and module.published_at <= now
    return is_published and (module.retired_at is None or module.retired_at > now)
