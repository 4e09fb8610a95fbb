"""Completion rules in requests and answers."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.answers.fields import Number, StrictId, Time
from progress.courses.completion_rule_words import described
from progress.courses.completion_rules import CompletionRule, KeyAssignment, RuleHistory, RuleVersion, Saved

MOST_KEY_ASSIGNMENTS = 200

Needs = Literal["submitted", "passed"]
LectureShare = Annotated[
    float | None,
    Field(examples=[0.8], description="0–1: how many of the lectures that count must be complete; null asks for none."),
]
MinimumScore = Annotated[
    float | None,
    Field(
        examples=[60.0],
        description="0–100, for each key assignment; where none is named, for every assignment, quiz and exam.",
    ),
]


class NewKeyAssignment(BaseModel):
    """An assignment, quiz, exam or activity that must be submitted, or passed."""

    model_config = ConfigDict(extra="forbid")

    module_id: StrictId
    needs: Needs = Field(examples=["passed"])


class NewRule(BaseModel):
    """What the course asks for, all of it; at least one of the three."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "lecture_share": 0.8,
                    "key_assignments": [{"module_id": 17, "needs": "passed"}],
                    "minimum_score": 60,
                }
            ]
        },
    )

    lecture_share: Annotated[Number, Field(gt=0, le=1)] | None = Field(
        None, examples=[0.8], description="Above 0, at most 1: how many of the lectures that count must be complete."
    )
    key_assignments: list[NewKeyAssignment] = Field([], max_length=MOST_KEY_ASSIGNMENTS)
    minimum_score: Annotated[Number, Field(ge=0, le=100)] | None = Field(
        None,
        examples=[60],
        description="For each key assignment; where none is named, for every assignment, quiz and exam that counts.",
    )


class SavingRule(NewRule):
    reevaluate: bool = Field(
        False, strict=True, description="Also complete those who had met the rule before now. See the preview first."
    )
    version: int | None = Field(
        None,
        strict=True,
        ge=0,
        lt=2**31,
        examples=[3],
        description="The version that you change. If it is no longer the newest, you get 409.",
    )


class KeyAssignmentOfRule(BaseModel):
    module_id: int = Field(examples=[17])
    module_title: str = Field(examples=["Linear equations quiz"])
    needs: Needs


class VersionOfRule(BaseModel):
    """A version of the rule, in force from `created_at` until the next; version 0 is “all units”, before any."""

    version: int = Field(examples=[3])
    created_at: Time | None
    created_by: str | None = Field(examples=["Priya Nair"], description="Told to administrators.")
    reevaluated: bool = Field(description="Whether it also completed those who had met it before it came.")
    completes_by_units: bool = Field(description="All units complete the course; nothing else is asked for.")
    lecture_share: LectureShare
    key_assignments: list[KeyAssignmentOfRule]
    minimum_score: MinimumScore
    description: str = Field(examples=["The course is complete when 80% of its lectures are complete."])


class CourseRule(VersionOfRule):
    """The newest version, and all that there were."""

    course_id: int = Field(examples=[3])
    history: list[VersionOfRule] = Field(description="Every version that was saved, the newest first.")


class SavedRule(CourseRule):
    is_new: bool = Field(description="False where the rule was like that already: no version was added.")
    gained_count: int = Field(examples=[4], description="How many learners it completed at once.")


class Gain(BaseModel):
    user_id: int = Field(validation_alias="learner_id", examples=[17])
    full_name: str = Field(validation_alias="learner_name", examples=["Ada Lovelace"])
    completed_at: Time = Field(description="When they had met the rule.")


class Gains(BaseModel):
    """Who would be completed and is not now, by name."""

    as_of: Time
    course_id: int = Field(examples=[3])
    learners_count: int = Field(examples=[4], description="All of them, also where fewer are named.")
    learners: list[Gain]


def rule_asked(body: NewRule) -> CompletionRule:
    keys = tuple(KeyAssignment(key.module_id, key.needs) for key in body.key_assignments)
    return CompletionRule(body.lecture_share, keys, body.minimum_score)


def course_rule(course_id: int, history: RuleHistory, *, tells_names: bool) -> CourseRule:
    names = history.names if tells_names else {}
    versions = [_version(each, history.titles, names) for each in reversed(history.versions)]
    newest = versions[0] if versions else _IMPLIED
    return CourseRule(course_id=course_id, history=versions, **dict(newest))


def saved_rule(course_id: int, history: RuleHistory, saved: Saved) -> SavedRule:
    rule = course_rule(course_id, history, tells_names=True)
    return SavedRule(**dict(rule), is_new=saved.is_new, gained_count=saved.gained_count)


def _version(stored: RuleVersion, titles: Mapping[int, str], names: Mapping[int, str]) -> VersionOfRule:
    rule = stored.rule or CompletionRule()
    return VersionOfRule(
        version=stored.version,
        created_at=stored.created_at,
        created_by=names.get(stored.created_by or 0),
        reevaluated=stored.applies_from is None,
        completes_by_units=stored.rule is None,
        lecture_share=rule.lecture_share,
        key_assignments=[
            KeyAssignmentOfRule.model_validate({**vars(key), "module_title": titles[key.module_id]})
            for key in rule.key_assignments
        ],
        minimum_score=rule.minimum_score,
        description=described(stored.rule, titles),
    )


_IMPLIED = VersionOfRule(
    version=0,
    created_at=None,
    created_by=None,
    reevaluated=True,
    completes_by_units=True,
    lecture_share=None,
    key_assignments=[],
    minimum_score=None,
    description=described(None, {}),
)
