"""What the stored rows must be, worked out the slow and obvious way: the oracle of the property tests.

Shares no code with `progress`: times are minutes, lectures are watched second by second, history is replayed.
"""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Happened:
    """An accepted event. `minute` is when it occurred."""

    learner: int
    module: int
    kind: str
    minute: int
    authority: str
    event_id: str
    score: float | None = None
    position: float | None = None
    watched: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A module and its rule, with how it stands: published in that minute or hidden, retired, required."""

    module: int
    unit: int
    rule: str
    pass_mark: float | None = None
    score_rule: str = "best"
    duration: int | None = None
    published: int | None = None
    retired: int | None = None
    required: bool = True
    kind: str = ""

    def counts(self) -> bool:
        return self.published is not None and self.retired is None and self.required


@dataclass
class History:
    """Every change of content: (minute, the lesson as it stood from then on), in order of time."""

    changes: list[tuple[int, Lesson]] = field(default_factory=list)

    def change(self, minute: int, lesson: Lesson) -> None:
        self.changes.append((minute, lesson))

    def counting_at(self, minute: float) -> list[Lesson]:
        latest = {lesson.module: lesson for at, lesson in self.changes if at <= minute}
        return [lesson for lesson in latest.values() if lesson.counts()]

    def lesson(self, module: int) -> Lesson:
        return next(lesson for _, lesson in reversed(self.changes) if lesson.module == module)


@dataclass(frozen=True)
class RuleFrom:
    """A version of the course's rule, in force from that minute until the next; without any condition, “all units”."""

    minute: float
    percent_of_lectures: int | None = None
    keys: tuple[tuple[int, str], ...] = ()
    minimum: float | None = None
    reevaluated: bool = False

    def is_all_units(self) -> bool:
        return self.percent_of_lectures is None and not self.keys and self.minimum is None


def module_row(lesson: Lesson, events: list[Happened]) -> dict | None:
    """The module's stored row for one learner, or None where nothing was ever recorded."""
    if not events:
        return None
    resets = [e.minute for e in events if e.kind == "reset"]
    reset = max(resets) if resets else None
    left = [e for e in events if e.kind != "reset" and (reset is None or e.minute > reset)]
    left = sorted(left, key=lambda e: (e.minute, e.event_id))
    completed, seconds = None, set()
    for event in left:
        for a, b in event.watched:
            if b <= 2 * (lesson.duration or 0):  # else it is not in seconds
                seconds |= set(range(a, min(b, lesson.duration or 0)))
        if completed is None and (_ends(lesson, event) or _seen_enough(lesson, seconds)):
            completed = event.minute
    scores = [e.score for e in left if e.score is not None]
    score = None if not scores else max(scores) if lesson.score_rule == "best" else scores[-1]
    positions = [e.position for e in left if e.position is not None]
    submitted = len([e for e in left if e.kind == "submitted"])
    share = len(seconds) / lesson.duration if lesson.duration else None
    own = [e.minute for e in events if e.authority != "staff" and e.kind != "reset"]
    return {
        "status": "completed" if completed is not None else "in_progress" if left else "not_started",
        "completion_percentage": 100.0 if completed is not None else 100 * (share or 0.0),
        "started_at": left[0].minute if left else None,
        "completed_at": completed,
        "last_activity_at": left[-1].minute if left else None,
        "last_own_activity_at": max(own, default=None),
        "score": score,
        "is_passed": None if score is None or lesson.pass_mark is None else score >= lesson.pass_mark,
        "attempts_count": submitted or len([e for e in left if e.kind == "scored"]),
        "position_seconds": min(positions[-1], lesson.duration or positions[-1]) if positions else None,
        "watched_share": share,
        "reset_at": reset,
    }


def last_activity(modules: list[dict]) -> dict:
    """When the learner was last active in these modules, by their rows."""
    return {
        name: max((row[name] for row in modules if row[name] is not None), default=None)
        for name in ("last_activity_at", "last_own_activity_at")
    }


def unit_row(history: History, unit: int, completed: dict[int, int]) -> dict:
    mine = [lesson for lesson in history.counting_at(float("inf")) if lesson.unit == unit]
    done = [completed[lesson.module] for lesson in mine if lesson.module in completed]
    return {
        "completion_percentage": 100 * len(done) / len(mine) if mine else None,
        "completed_modules_count": len(done),
        "total_modules": len(mine),
        "completed_at": _first_complete(history, completed, {unit}),
        "last_completed_at": max(done, default=None),
    }


def course_row(
    history: History, units: set[int], completed: dict[int, int], rules: list[RuleFrom], events: list[Happened]
) -> dict:
    rows = [unit_row(history, unit, completed) for unit in units]
    filled = [row for row in rows if row["total_modules"]]
    whole = [row for row in filled if row["completed_modules_count"] == row["total_modules"]]
    lasts = [row["last_completed_at"] for row in rows if row["last_completed_at"] is not None]
    return {
        "completion_percentage": 100 * len(whole) / len(filled) if filled else None,
        "completed_units_count": len(whole),
        "total_units": len(filled),
        "completed_modules_count": sum(row["completed_modules_count"] for row in rows),
        "total_modules": sum(row["total_modules"] for row in rows),
        "completed_at": _course_complete(history, completed, rules, events),
        "last_completed_at": max(lasts, default=None),
    }


def _ends(lesson: Lesson, event: Happened) -> bool:
    passed = event.score is not None and lesson.pass_mark is not None and event.score >= lesson.pass_mark
    return {
        "played": False,
        "viewed": lesson.rule == "viewed",
        "completed": event.authority == "staff"
        or lesson.rule in ("viewed", "watched", "manual")
        or (event.authority == "system" and lesson.rule == "submitted"),
        "submitted": lesson.rule == "submitted" or (lesson.rule == "passed" and passed),
        "scored": lesson.rule == "submitted" or (lesson.rule == "passed" and passed),
    }[event.kind]


def _seen_enough(lesson: Lesson, seconds: set[int]) -> bool:
    return lesson.rule == "watched" and lesson.duration is not None and len(seconds) >= 0.9 * lesson.duration


def _first_complete(history: History, completed: dict[int, int], units: set[int]) -> int | None:
    """Try every minute at which anything changed, from the first on."""
    minutes = sorted({at for at, _ in history.changes} | set(completed.values()))
    for minute in minutes:
        counting = [lesson for lesson in history.counting_at(minute) if lesson.unit in units]
        if counting and all(completed.get(lesson.module, minute + 1) <= minute for lesson in counting):
            return minute
    return None


def _course_complete(
    history: History, completed: dict[int, int], rules: list[RuleFrom], events: list[Happened]
) -> int | None:
    """Try every minute for every version of the rule; what it gives outside of its own time does not count."""
    never, ever = float("inf"), float("-inf")
    versions = [RuleFrom(ever, reevaluated=True), *rules]
    minutes = sorted({at for at, _ in history.changes} | {event.minute for event in events})
    given = []
    for version, after in zip(versions, [*rules, RuleFrom(never)], strict=True):
        met = [minute for minute in minutes if _is_met(version, history, completed, events, minute)]
        begin = ever if version.reevaluated else version.minute
        if met and begin <= met[0] < after.minute:
            given.append(met[0])
    return min(given, default=None)


def _is_met(rule: RuleFrom, history: History, completed: dict[int, int], events: list[Happened], minute: int) -> bool:
    counting = history.counting_at(minute)
    done = {module for module, at in completed.items() if at <= minute}
    if rule.is_all_units():
        return bool(counting) and all(lesson.module in done for lesson in counting)
    lectures = [lesson for lesson in counting if lesson.kind == "lecture" and rule.percent_of_lectures is not None]
    keys = [key for key in rule.keys if _is_there(history.lesson(key[0]), counting)]
    if not rule.keys:
        keys = [(lesson.module, "submitted") for lesson in counting if lesson.kind in ("assignment", "quiz")]
        keys = keys if rule.minimum is not None else []
    if not counting or not (lectures or keys):
        return False
    enough = 100 * len([lesson for lesson in lectures if lesson.module in done])
    if lectures and enough < (rule.percent_of_lectures or 0) * len(lectures):
        return False
    return all(_is_key_met(rule, history.lesson(module), needs, events, minute) for module, needs in keys)


def _is_there(lesson: Lesson, counting: list[Lesson]) -> bool:
    is_open_and_optional = lesson.published is not None and lesson.retired is None and not lesson.required
    return is_open_and_optional or lesson.module in [other.module for other in counting]


def _is_key_met(rule: RuleFrom, lesson: Lesson, needs: str, events: list[Happened], minute: int) -> bool:
    mine = [event for event in events if event.module == lesson.module]
    resets = [event.minute for event in mine if event.kind == "reset"]
    left = [e for e in mine if e.kind != "reset" and e.minute <= minute and all(e.minute > reset for reset in resets)]
    if rule.minimum is None and any(e.kind == "completed" and e.authority == "staff" for e in left):
        return True
    scores = [event.score for event in left if event.score is not None]
    if needs == "passed":
        least = max(lesson.pass_mark or 0, rule.minimum or 0)
        return any(score >= least for score in scores)
    if rule.minimum is not None:
        return any(score >= rule.minimum for score in scores)
    return any(event.kind in ("submitted", "scored") for event in left)


def with_published(lesson: Lesson, minute: int | None) -> Lesson:
    return replace(lesson, published=minute, retired=None if minute is not None else lesson.retired)
