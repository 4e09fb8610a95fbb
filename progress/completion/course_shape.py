"""What a course consists of, and which of its modules counted when, as recording and roll-ups need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from progress.completion.course_parts import Epoch, ModuleFacts, Span, epochs
from progress.completion.course_rule import RuleVersion
from progress.completion.course_terms import Grant, grants


@dataclass(frozen=True)
class CourseShape:
    """A course's units and modules, the spans in which each module counted, and the versions of its completion rule."""

    course_id: int
    unit_ids: tuple[int, ...]
    modules: Mapping[int, ModuleFacts]
    spans: tuple[Span, ...]
    rule_versions: tuple[RuleVersion, ...] = ()
    unit_epochs: dict[int, tuple[Epoch, ...]] = field(init=False, default_factory=dict)

    @cached_property
    def counting(self) -> frozenset[int]:
        """The modules that count now."""
        return frozenset(span.module_id for span in self.spans if span.ends_at is None)

    @cached_property
    def counting_by_unit(self) -> dict[int, frozenset[int]]:
        """Every unit, empty ones included, with the modules that count in it now."""
        return {u: frozenset(m for m in self.counting if self.modules[m].unit_id == u) for u in self.unit_ids}

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        return epochs(self.spans)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """What the versions of the rule grant; empty if the course never had a rule, so that “all units” applies."""
        return grants(self.rule_versions, self.epochs, self.modules)

    @cached_property
    def key_modules(self) -> frozenset[int]:
        """The modules whose events decide whether the course is complete."""
        return frozenset(key.module_id for grant in self.grants for term in grant.terms for key in term.keys)

    def epochs_of_unit(self, unit_id: int) -> tuple[Epoch, ...]:
        if unit_id not in self.unit_epochs:
            unit_spans = [span for span in self.spans if self.modules[span.module_id].unit_id == unit_id]
            self.unit_epochs[unit_id] = epochs(unit_spans)
        return self.unit_epochs[unit_id]
