"""What the versions of a completion rule require in each epoch of a course, and when one learner met it.

`terms_met` gives the same answer for many learners at once.
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
    """A module that must be submitted or, if `least_score` is set, scored at least that high.

    `accepts_staff_word`: a staff member's “completed” is enough even without the score.
    """

    module_id: int
    least_score: float | None
    accepts_staff_word: bool


@dataclass(frozen=True)
class Term:
    """What is required in one epoch: `needed` of the modules completed, and every key term met."""

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
    """What a version can grant: completion at the first moment that meets a term, if it lies within this period."""

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
    """What each version grants. Before the first one, “all units” was in force from the beginning."""
    if not versions:
        return ()
    all_units = _terms(None, epochs, modules)
    ends = [*(after.created_at for _, after in pairwise(versions)), None]
    return (
        Grant(None, versions[0].created_at, all_units),
        *(
            Grant(each.applies_from, end, all_units if each.rule is None else _terms(each.rule, epochs, modules))
            for each, end in zip(versions, ends, strict=True)
        ),
    )


def completion_moment(grants: Iterable[Grant], completions: Completions, evidence: KeyEvidence) -> datetime | None:
    """When a learner completed the course: the earliest moment that any version grants."""
    moments = ((grant, first_met(grant.terms, completions, evidence)) for grant in grants)
    return min((moment for grant, moment in moments if moment is not None and grant.covers(moment)), default=None)


def first_met(terms: Iterable[Term], completions: Completions, evidence: KeyEvidence) -> datetime | None:
    """The first moment inside an epoch at which everything that it requires was done."""
    return next(filter(None, (_met(term, completions, evidence) for term in terms)), None)


def key_moment(term: KeyTerm, events: Sequence[Evidence]) -> datetime | None:
    """When the key module was submitted, or scored high enough. A reset voids what occurred up to it."""
    reset_at = max((event.occurred_at for event in events if event.kind == "reset"), default=None)
    counting = (e for e in events if reset_at is None or e.occurred_at > reset_at)
    return min((event.occurred_at for event in counting if meets(term, event)), default=None)


def meets(term: KeyTerm, event: Evidence) -> bool:
    """Whether this event alone meets the term. Another system's “completed” counts as submitting, as in modules."""
    is_asserted = event.kind == "completed" and event.authority in ("staff", "system")
    if term.least_score is None:
        return is_asserted or event.kind in ("submitted", "scored")
    is_asserted_by_staff = is_asserted and event.authority == "staff" and term.accepts_staff_word
    return is_asserted_by_staff or (event.score is not None and event.score >= term.least_score)


def needed_of(share: float, count: int) -> int:
    """How many of `count` lectures the share amounts to: rounded up, and at least one if there are any."""
    return max(ceil(round(share * count, 6)), min(count, 1))  # rounded because 0.55 × 20 is 11.000000000000002


def _terms(
    rule: CompletionRule | None, epochs: Sequence[Epoch], modules: Mapping[int, ModuleFacts]
) -> tuple[Term, ...]:
    """An epoch that requires nothing completes nothing, just as an empty unit is never complete."""
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
    required = (key for key in rule.key_assignments if _is_required(modules[key.module_id], epoch))
    return (_key_term(rule, key.needs, modules[key.module_id]) for key in required)


def _is_required(module: ModuleFacts, epoch: Epoch) -> bool:
    """Whether a key assignment was open in the epoch.

    Spans record this for required modules. For optional ones nothing records when they were published, so they are
    required in every epoch while they are published, and in none once they are hidden or retired. Hiding one can
    therefore move a completion to before a rule that was not re-evaluated.
    """
    is_optional = not module.is_required and module.published_at is not None and module.retired_at is None
    return is_optional or module.module_id in epoch.module_ids


def _key_term(rule: CompletionRule, needs: str, module: ModuleFacts) -> KeyTerm:
    scores = [module.rule.pass_mark or 0] if needs == "passed" else []
    scores += [] if rule.minimum_score is None else [rule.minimum_score]
    return KeyTerm(module.module_id, max(scores, default=None), accepts_staff_word=rule.minimum_score is None)


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
