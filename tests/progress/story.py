"""A story: one course of five modules in two units, one learner, and all that happens; told to both sides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import select

from data.models import CourseProgress, ModuleProgress, UnitProgress
from data.record import Record, Transaction
from data.viewer import Viewer
from progress.completion.course_rule import CompletionRule, KeyAssignment, RuleVersion
from progress.courses.enrolment import enrol
from progress.courses.rule_versions import add_rule_version
from progress.courses.structure import (
    add_course,
    add_module,
    add_unit,
    hide_module,
    publish_module,
    require_module,
    retire_module,
    structure_changed,
)
from progress.people.accounts import add_user
from progress.recording.events import NewEvent
from progress.recording.record import record as record_events
from tests.progress.naive import (
    Happened,
    History,
    Lesson,
    RuleFrom,
    course_row,
    last_activity,
    module_row,
    unit_row,
    with_published,
)

START = datetime(2025, 1, 6, tzinfo=UTC)
RECEIVED = START + timedelta(days=30)
NUMBERS = count()
LESSONS = (
    ("reading", {"completion_rule": "viewed"}),
    ("lecture", {"completion_rule": "watched", "duration_seconds": 20}),
    ("assignment", {"completion_rule": "submitted", "pass_mark": 40.0, "score_rule": "latest"}),
    ("quiz", {"completion_rule": "passed", "pass_mark": 60.0}),
    ("activity", {"completion_rule": "manual"}),
)


class Story:
    """One course of five modules in two units, one learner, and all that happens to them; told to both sides."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.minute = 0
        self.history = History()
        self.sent: list[tuple[Viewer, NewEvent]] = []
        self.happened: list[Happened] = []
        self.rules: list[RuleFrom] = []
        with record.writing() as tx:
            self.course = add_course(tx, "Course")
            self.units = [add_unit(tx, self.course, title) for title in ("One", "Two", "Empty")]
            self.learner, self.twin = (add_user(tx, name, roles=["student"]) for name in ("Ada", "Twin"))
            staff = add_user(tx, "Staff", roles=["administrator"])
            self.modules: list[int] = []
            for number, (kind, rule) in enumerate(LESSONS):
                self._add(tx, self.units[number % 2], kind, rule)
            enrol(tx, [self.learner, self.twin], self.course, START)
        self.viewers = {
            True: Viewer(staff, "Staff", frozenset({"administrator"}), frozenset()),
            False: Viewer(self.learner, "Ada", frozenset({"student"}), frozenset({self.learner})),
        }

    def tell(self, step: dict) -> None:
        if step["what"] == "event":
            self._send(self._event(step), self.viewers[step["by_staff"]])
        elif step["what"] == "again":
            if self.sent:
                viewer, event = self.sent[step["which"] % len(self.sent)]
                [verdict] = record_events(viewer, [event], received_at=RECEIVED)
                assert verdict.outcome in ("duplicate", "refused")
        elif step["what"] == "rule":
            self._rule(step)
        else:
            self._change(step)

    def _event(self, step: dict) -> NewEvent:
        module = self.modules[step["module"] % len(self.modules)]
        is_lecture = self.history.lesson(module).duration is not None
        return NewEvent(
            source="test",
            event_id=f"{next(NUMBERS):09d}",
            learner_id=self.learner,
            module_id=module,
            kind=step["kind"],
            occurred_at=START + timedelta(minutes=step["minute"]),
            score=step["score"] if step["kind"] in ("submitted", "scored") else None,
            position_seconds=step["position"],
            watched_intervals=tuple(step["watched"]) if step["kind"] == "played" and is_lecture else (),
            reason="A mistake" if step["kind"] == "reset" else None,
        )

    def _send(self, event: NewEvent, viewer: Viewer) -> None:
        [verdict] = record_events(viewer, [event], received_at=RECEIVED)
        if verdict.outcome == "created":
            self.sent.append((viewer, event))
            minute = (event.occurred_at - START) // timedelta(minutes=1)
            authority = "staff" if viewer.sees_everyone else "learner"
            told = (event.learner_id, event.module_id, event.kind, minute, authority, event.event_id, event.score)
            self.happened.append(Happened(*told, event.position_seconds, event.watched_intervals))

    def _rule(self, step: dict) -> None:
        self.minute += step["after"]
        at = START + timedelta(minutes=self.minute)
        keys = {self.modules[module % len(self.modules)]: needs for module, needs in step["keys"]}
        told = RuleFrom(self.minute, step["percent"], tuple(keys.items()), step["minimum"], step["reevaluate"])
        self.rules.append(told)
        share = None if step["percent"] is None else step["percent"] / 100
        rule = CompletionRule(share, tuple(KeyAssignment(*key) for key in keys.items()), step["minimum"])
        version = RuleVersion(
            version=len(self.rules),
            rule=None if told.is_all_units() else rule,
            applies_from=None if step["reevaluate"] else at,
            created_at=at,
        )
        with self.record.writing() as tx:
            add_rule_version(tx, self.course, version)
            structure_changed(tx, [self.course])

    def _change(self, step: dict) -> None:
        self.minute += step["after"]
        at = START + timedelta(minutes=self.minute)
        module = self.modules[step["module"] % len(self.modules)]
        lesson = self.history.lesson(module)
        with self.record.writing() as tx:
            match step["what"]:
                case "publish":
                    publish_module(tx, module, at)
                    self.history.change(self.minute, with_published(lesson, self.minute))
                case "hide":
                    hide_module(tx, module, at)
                    self.history.change(self.minute, with_published(lesson, None))
                case "retire":
                    retire_module(tx, module, at)
                    self.history.change(self.minute, replace(lesson, retired=self.minute))
                case "require" | "optional":
                    require_module(tx, module, step["what"] == "require", at)
                    self.history.change(self.minute, replace(lesson, required=step["what"] == "require"))
                case "add":
                    self._add(tx, self.units[1], "reading", {"completion_rule": "viewed"})

    def _add(self, tx: Transaction, unit: int, kind: str, rule: dict) -> None:
        at = START + timedelta(minutes=self.minute)
        module = add_module(tx, unit, f"{kind} {len(self.modules)}", kind, published_at=at, **rule)
        self.modules.append(module)
        lesson = Lesson(
            module,
            unit,
            rule["completion_rule"],
            rule.get("pass_mark"),
            rule.get("score_rule", "best"),
            rule.get("duration_seconds"),
            published=self.minute,
            kind=kind,
        )
        self.history.change(self.minute, lesson)

    def expected(self) -> tuple[dict, dict, dict]:
        modules = {
            module: row
            for module in self.modules
            if (row := module_row(self.history.lesson(module), [e for e in self.happened if e.module == module]))
        }
        completed = {m: row["completed_at"] for m, row in modules.items() if row["completed_at"] is not None}
        units = {
            unit: unit_row(self.history, unit, completed)
            | last_activity([row for module, row in modules.items() if self.history.lesson(module).unit == unit])
            for unit in self.units
        }
        course = course_row(self.history, set(self.units), completed, self.rules, self.happened)
        return modules, units, {self.course: course | last_activity(list(modules.values()))}

    def stored(self, learner: int) -> tuple[dict, dict, dict]:
        with self.record.reading() as connection:
            return tuple(  # type: ignore[return-value]
                {
                    subject: {name: _in_minutes(value) for name, value in row._mapping.items() if name in expected}
                    for row in connection.execute(select(model.__table__).where(model.user_id == learner))
                    for subject in [row._mapping[key]]
                }
                for model, key, expected in _TABLES
            )


_ROW = (
    *("completion_percentage", "completed_modules_count", "total_modules", "completed_at", "last_completed_at"),
    *last_activity([]),
)
_STATE = set(module_row(Lesson(1, 1, "viewed"), [Happened(1, 1, "viewed", 0, "staff", "")]) or {})
_TABLES = (
    (ModuleProgress, "module_id", _STATE),
    (UnitProgress, "unit_id", set(_ROW)),
    (CourseProgress, "course_id", {*_ROW, "completed_units_count", "total_units"}),
)


def _in_minutes(value: object) -> object:
    return (value - START) // timedelta(minutes=1) if isinstance(value, datetime) else value
