"""What the versions of a completion rule ask for in each epoch of a course, and when one learner has met them.

Pure; `completion_terms_set` gives the same answer for many learners at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil

from progress.completion.course_parts import Epoch, ModuleFacts
from progress.completion.course_rule import CompletionRule, RuleVersion
from progress.completion.module_state import Evidence

GRADED_KINDS = ("assignment", "quiz", "exam")

Completions = Mapping[int, datetime]
KeyEvidence = Mapping[int, Sequence[Evidence]]


@dataclass(frozen=True)
class KeyTerm:
    """A module that must be handed in, or with `least_score` scored at that or above.

    `takes_word`: a member of the staff may also say that it is done.
    """

    module_id: int
    least_score: float | None
    takes_word: bool


@dataclass(frozen=True)
class Term:
    """What is asked for in one epoch: `needed` of the modules complete, and every key module."""

    starts_at: datetime
    ends_at: datetime | None
    module_ids: frozenset[int]
    needed: int
    keys: tuple[KeyTerm, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.needed and not self.keys


@dataclass(frozen=True)
class Grant:
    """A version by what it can give: completion at the first moment that meets a term, if it lies in this stretch."""

    applies_from: datetime | None
    ends_at: datetime | None
    terms: tuple[Term, ...]

    def covers(self, moment: datetime) -> bool:
        return (self.applies_from is None or self.applies_from <= moment) and (
            self.ends_at is None or moment < self.ends_at
        )


def grants(
    versions: Sequence[RuleVersion], epochs: Sequence[Epoch], modules: Mapping[int, ModuleFacts]
) -> tuple[Grant, ...]:
    """What each version grants. Before the first one “all units” was in force, since ever."""
    if not versions:
        return ()
    units = _terms(None, epochs, modules)
    ends = [*(after.created_at for _, after in pairwise(versions)), None]
    return (
        Grant(None, versions[0].created_at, units),
        *(
            Grant(each.applies_from, end, units if each.rule is None else _terms(each.rule, epochs, modules))
            for each, end in zip(versions, ends, strict=True)
        ),
    )


def first_granted(listed: Iterable[Grant], completions: Completions, evidence: KeyEvidence) -> datetime | None:
    """When a learner completed the course: the earliest moment that any version grants."""
    moments = ((grant, first_met(grant.terms, completions, evidence)) for grant in listed)
    return min((moment for grant, moment in moments if moment is not None and grant.covers(moment)), default=None)


def first_met(terms: Iterable[Term], completions: Completions, evidence: KeyEvidence) -> datetime | None:
    """The first moment inside an epoch at which all that was asked for in it was there."""
    return next(filter(None, (_met(term, completions, evidence) for term in terms)), None)


def key_moment(term: KeyTerm, events: Sequence[Evidence]) -> datetime | None:
    """When the key module was handed in, or scored as it must be. A reset voids what occurred up to it."""
    reset_at = max((event.occurred_at for event in events if event.kind == "reset"), default=None)
    counting = (e for e in events if reset_at is None or e.occurred_at > reset_at)
    return min((event.occurred_at for event in counting if meets(term, event)), default=None)


def meets(term: KeyTerm, event: Evidence) -> bool:
    """Whether this event alone is what the term asks for. Another system's word hands in, as it does for a module."""
    is_word = event.kind == "completed" and event.authority in ("staff", "system")
    if term.least_score is None:
        return is_word or event.kind in ("submitted", "scored")
    is_staffs_word = is_word and event.authority == "staff" and term.takes_word
    return is_staffs_word or (event.score is not None and event.score >= term.least_score)


def needed_of(share: float, count: int) -> int:
    """How many of so many lectures the share is: rounded up, and at least one where there is any."""
    return max(ceil(round(share * count, 6)), min(count, 1))  # 0.55 × 20 is 11.000000000000002


def _terms(
    rule: CompletionRule | None, epochs: Sequence[Epoch], modules: Mapping[int, ModuleFacts]
) -> tuple[Term, ...]:
    """An epoch in which nothing is asked for completes nothing, as an empty unit completes nothing."""
    if rule is None:
        return tuple(Term(e.starts_at, e.ends_at, e.module_ids, len(e.module_ids)) for e in epochs)
    terms = (_term(rule, epoch, modules) for epoch in epochs)
    return tuple(term for term in terms if not term.is_empty)


def _term(rule: CompletionRule, epoch: Epoch, modules: Mapping[int, ModuleFacts]) -> Term:
    lectures = frozenset(m for m in epoch.module_ids if modules[m].kind == "lecture" and rule.lecture_share is not None)
    needed = needed_of(rule.lecture_share or 0, len(lectures))
    return Term(epoch.starts_at, epoch.ends_at, lectures, needed, tuple(_key_terms(rule, epoch, modules)))


def _key_terms(rule: CompletionRule, epoch: Epoch, modules: Mapping[int, ModuleFacts]) -> Iterable[KeyTerm]:
    if not rule.key_assignments and rule.minimum_score is not None:
        graded = sorted(m for m in epoch.module_ids if modules[m].kind in GRADED_KINDS)
        return (KeyTerm(module_id, rule.minimum_score, False) for module_id in graded)
    asked = (key for key in rule.key_assignments if _is_asked(modules[key.module_id], epoch))
    return (_key_term(rule, key.needs, modules[key.module_id]) for key in asked)


def _is_asked(module: ModuleFacts, epoch: Epoch) -> bool:
    """Whether a key assignment was there in the epoch.

    Spans tell when a required one was. When an optional one was published nobody kept, so it is asked for in every
    epoch while it is published, and in none once it is hidden or retired.
    """
    is_optional = not module.is_required and module.published_at is not None and module.retired_at is None
    return is_optional or module.module_id in epoch.module_ids


def _key_term(rule: CompletionRule, needs: str, module: ModuleFacts) -> KeyTerm:
    scores = [module.rule.pass_mark or 0] if needs == "passed" else []
    scores += [] if rule.minimum_score is None else [rule.minimum_score]
    return KeyTerm(module.module_id, max(scores, default=None), takes_word=rule.minimum_score is None)


def _met(term: Term, completions: Completions, evidence: KeyEvidence) -> datetime | None:
    done = sorted(completions[m] for m in term.module_ids if m in completions)
    if len(done) < term.needed:
        return None
    keys = [key_moment(key, evidence.get(key.module_id, ())) for key in term.keys]
    moments = [moment for moment in keys if moment is not None]
    if len(moments) < len(keys):
        return None
    moment = max([term.starts_at, *done[: term.needed], *moments])
    return moment if term.ends_at is None or moment < term.ends_at else None
