"""Every query behind a page, asked as the people of `benchmarks.accounts`, without cached answers.

`python -m benchmarks.queries [--runs 40]` prints a line of JSON for each query on DATABASE_URL's record.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any

import typer

from benchmarks.spread import seconds_of, spread
from data.record import current_record
from data.viewer import Viewer
from progress.people.access import viewer_of
from progress.people.accounts import user_id_of
from queries.achievements import achievements
from queries.asking.ask import forget_answers
from queries.class_modules import class_modules
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.course_structure import courses, modules
from queries.data_quality import events_beyond_the_end, future_events
from queries.learner_page import course_learners
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.needs_a_look import needs_a_look
from queries.next_module import continue_watching
from queries.people import learners, people
from queries.unit_progress import unit_progress

GOAL_P95_MS = 50.0
Question = tuple[str, Callable[[], Any]]


def account(username: str) -> Viewer:
    with current_record().reading() as connection:
        return viewer_of(user_id_of(connection, username))


def questions() -> Iterator[Question]:
    """The queries of each role's pages."""
    for username in ("student", "parent"):
        viewer = account(username)
        yield from _of_learner(username, viewer, viewer.user_id if username == "student" else viewer.child_ids[0])
    teacher = account("teacher")
    yield from _of_teacher(teacher)
    yield from _of_learner("teacher", teacher, min(teacher.learner_ids))
    yield from _of_administrator(account("admin"))


def _of_learner(username: str, viewer: Viewer, learner: int) -> Iterator[Question]:
    course = course_progress(viewer, learner_id=learner)["course_id"][0]
    yield f"{username}: course_progress", partial(course_progress, viewer, learner_id=learner)
    yield f"{username}: unit_progress", partial(unit_progress, viewer, learner_id=learner)
    yield f"{username}: module_progress", partial(module_progress, viewer, learner_id=learner, course_id=course)
    yield f"{username}: continue_watching", partial(continue_watching, viewer, learner)
    yield f"{username}: milestone_timeline", partial(milestone_timeline, viewer, learner)
    yield f"{username}: achievements", partial(achievements, viewer, learner)


def _of_teacher(viewer: Viewer) -> Iterator[Question]:
    taught = viewer.class_ids[0]
    yield "teacher: class_progress", partial(class_progress, viewer)
    yield "teacher: needs_a_look", partial(needs_a_look, viewer)
    yield "teacher: course_progress of a class", partial(course_progress, viewer, class_id=taught)
    yield "teacher: unit_progress of a class", partial(unit_progress, viewer, class_id=taught)
    yield "teacher: class_modules", partial(class_modules, viewer, taught)
    yield "teacher: learners", partial(learners, viewer, class_id=taught)
    yield "teacher: class_trend", partial(class_trend, viewer, [taught])


def _of_administrator(viewer: Viewer) -> Iterator[Question]:
    every = courses(viewer)["course_id"].to_list()
    yield "admin: course_summary", partial(course_summary, viewer)
    yield "admin: cohort_trend of 3 courses", partial(cohort_trend, viewer, every[:3])
    yield "admin: cohort_trend of 6 courses, the most that the page compares", partial(cohort_trend, viewer, every[-6:])
    yield "admin: course_progress of a course", partial(course_progress, viewer, course_id=every[-1])
    yield "admin: a page of a course’s learners", partial(course_learners, viewer, every[-1], order="name")
    yield "admin: unit_progress of a course", partial(unit_progress, viewer, course_id=every[-1])
    yield "admin: courses", partial(courses, viewer)
    yield "admin: modules of a course", partial(modules, viewer, every[-1])
    yield "admin: people", partial(people, viewer)
    yield "admin: people by name", partial(people, viewer, search="113")
    yield "admin: future_events", partial(future_events, viewer)
    yield "admin: events_beyond_the_end", partial(events_beyond_the_end, viewer)


def ask_afresh(question: Callable[[], Any]) -> float:
    forget_answers()
    return seconds_of(question)


def main(runs: Annotated[int, typer.Option(help="How often each question is asked.")] = 40) -> None:
    slow = []
    for name, question in questions():
        figures = spread([ask_afresh(question) for _ in range(runs + 3)][3:])
        print(json.dumps({"question": name, **vars(figures)}), flush=True)
        if figures.p95_ms > GOAL_P95_MS:
            slow.append(name)
    print(json.dumps({"goal_p95_ms": GOAL_P95_MS, "slower": slow}))


if __name__ == "__main__":
    typer.run(main)
