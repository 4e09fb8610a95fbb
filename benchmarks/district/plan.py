"""What happens in the district, computed from its size alone: who is in which course and class, and who did what when.

Nothing here is random and nothing reads the record, so that the record can be compared with it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

COURSES, COURSES_A_LEARNER, UNITS, MODULES = 10, 3, 8, 8
CLASS_SIZE, CLASSES_A_TEACHER = 30, 5
KINDS = ("reading",) * (MODULES - 2) + ("assignment", "quiz")
EVENT_KINDS = {"reading": "viewed", "assignment": "submitted", "quiz": "scored"}
WEEKS = 37

_SCATTERING = pl.lit(6_364_136_223_846_793_005, pl.UInt64)  # odd, so that no two products are the same modulo 2 ** 64


@dataclass(frozen=True)
class District:
    """So many learners, of whom each takes three of ten courses from `first_monday` on; learners' ids begin at 1."""

    learners: int
    first_monday: date

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.first_monday, datetime.min.time())

    def enrolled(self, course: int) -> pl.DataFrame:
        """The ids of the learners of a course (1 to 10): 30 in 100."""
        learners = pl.DataFrame({"user_id": pl.int_range(1, self.learners + 1, dtype=pl.Int64, eager=True)})
        places = [(course - 1 - step) % COURSES for step in (0, 1, 3)]
        return learners.filter((pl.col("user_id") % COURSES).is_in(places))

    def classes(self) -> pl.DataFrame:
        """One row per class, course and learner: each course's learners in classes of 30."""
        in_courses = [
            self.enrolled(course).with_columns(course_id=pl.lit(course, pl.Int64)).with_row_index("place")
            for course in range(1, COURSES + 1)
        ]
        named = pl.concat(in_courses).with_columns(pl.col("place") // CLASS_SIZE)
        return named.select(
            "user_id", "course_id", class_id=pl.struct("course_id", "place").rank("dense").cast(pl.Int64)
        )

    def cells(self, course: int) -> pl.DataFrame:
        """One row per learner and module of a course: learner, unit, module, and when it was completed, if it was.

        60 in 100 are completed: modules one after the other, every two or three days, up to this week or a week up to
        nine weeks ago; three learners in four left out some.
        """
        first = (course - 1) * UNITS * MODULES
        modules = pl.DataFrame({"number": pl.int_range(UNITS * MODULES, dtype=pl.Int64, eager=True)})
        learner, number = pl.col("user_id"), pl.col("number")
        reach = (10 + (learner * 7919 + course * 31) % 65).clip(upper_bound=UNITS * MODULES)
        is_left_out = (learner % 4 != 0) & ((learner + 7 * number) % 11 == 0)
        days = 7 * (WEEKS - learner // COURSES % 10) - (reach - 1 - number) * (2 + learner % 2)
        moment = pl.lit(self.begins_at) + pl.duration(days=days, minutes=number, seconds=learner % 60)
        return (
            self.enrolled(course)
            .join(modules, how="cross")
            .select(
                "user_id",
                course_id=pl.lit(course, pl.Int64),
                unit_id=(first + number) // MODULES + 1,
                module_id=first + number + 1,
                completed_at=pl.when((number < reach) & ~is_left_out).then(moment.cast(pl.Datetime("us"))),
            )
        )

    def events(self, course: int) -> pl.DataFrame:
        """The course's events as the set-based door takes them: one for each completed cell, in the order of time.

        As with most programs, their ids come in no order.
        """
        done = self.cells(course).drop_nulls("completed_at").sort("completed_at", maintain_order=True)
        cell = pl.col("user_id") * COURSES * UNITS * MODULES + pl.col("module_id")
        kinds = pl.DataFrame({"place": range(MODULES), "kind": [EVENT_KINDS[kind] for kind in KINDS]})
        placed = done.with_columns(place=(pl.col("module_id") - 1) % MODULES)
        return placed.join(kinds, on="place", maintain_order="left").select(
            (cell.cast(pl.UInt64) * _SCATTERING).cast(pl.String).alias("event_id"),
            "user_id",
            "module_id",
            "kind",
            source=pl.lit("district"),
            authority=pl.lit("system"),
            occurred_at="completed_at",
            received_at="completed_at",
            score=pl.when(pl.col("kind") == "scored").then(50.0 + (pl.col("user_id") + pl.col("module_id")) % 51),
        )


def district_of(learners: int, today: date) -> District:
    """A district whose newest events are of this week."""
    return District(learners, today - timedelta(days=today.weekday(), weeks=WEEKS))
