"""Learners a page at a time: the same rows and figures as those of the questions that give all at once."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import update

from data.models import User
from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.courses.enrolment import drop, enrol
from progress.courses.structure import retire_module
from queries.asking import ask
from queries.class_progress import class_progress
from queries.course_progress import course_progress, course_summary
from queries.learner_page import Order, Position, class_learners, course_learners
from tests.examples import up_to
from tests.queries.cast import EVERYONE, Cast
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, World
from tests.queries.world_rows import touch_row
from tests.queries.worlds import worlds

ORDERS: dict[Order, list[pl.Expr]] = {
    "id": [pl.col("learner_id")],
    "name": [pl.col("learner_name"), pl.col("learner_id")],
    "percentage": [pl.col("completion_percentage"), pl.col("learner_id")],
    "-percentage": [-pl.col("completion_percentage"), pl.col("learner_id")],
    "modules": [pl.col("modules_percentage"), pl.col("learner_id")],
    "-modules": [-pl.col("modules_percentage"), pl.col("learner_id")],
}
SEEN = {"student": 1, "teacher": 3, "parent": 1, "administrator": 4, "nobody": None}


def walked(viewer: Viewer, course_id: int, order: Order, limit: int) -> list[pl.DataFrame]:
    """All pages of a course, to the empty one after the last."""
    pages, after = [], None
    while True:
        page = course_learners(viewer, course_id, order=order, after=after, limit=limit)
        pages.append(page)
        learners = page.drop_nulls("learner_id")
        if learners.is_empty():
            return pages
        after = Position(*learners.select("order_key", "learner_id").row(-1))


@settings(
    max_examples=up_to(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_pages_together_are_all_learners_in_order_and_each_carries_the_figures_of_all(
    recorded: MakeCurrent, world: World
) -> None:
    recorded(world)
    some = Viewer(0, "Some", frozenset({"teacher"}), frozenset(list(world.names)[::2]))
    for course_id, (viewer, order) in product(
        world.courses, [(some, "name"), *((EVERYONE, order) for order in ORDERS)]
    ):
        pages = walked(viewer, course_id, order, limit=3)
        expected = course_progress(viewer, course_id=course_id).sort(ORDERS[order], nulls_last=False)
        figures = course_summary(viewer, course_id=course_id)
        rows = pl.concat(pages).drop_nulls("learner_id") if figures.height else expected
        assert rows.select(expected.columns).rows() == expected.rows()
        for page in pages if figures.height else []:
            assert page.select(figures.columns).unique().rows() == figures.rows()


@pytest.mark.parametrize("role", SEEN)
def test_course_is_shown_with_those_learners_whom_the_viewer_sees(cast: Cast, role: str) -> None:
    answer = course_learners(getattr(cast, role), cast.maths)
    assert answer.height == (SEEN[role] or 0)
    assert answer["learners_count"].unique().to_list() == ([SEEN[role]] if SEEN[role] else [])
    assert set(answer["learner_id"]) == set(course_progress(getattr(cast, role), course_id=cast.maths)["learner_id"])


@pytest.mark.parametrize(
    ("role", "seen"),
    [("student", []), ("teacher", ["Bo"]), ("parent", []), ("administrator", ["Bo", "Elif"]), ("nobody", [])],
)
def test_class_of_someone_else_is_shown_with_those_learners_whom_the_viewer_sees(
    cast: Cast, role: str, seen: list[str]
) -> None:
    answer = class_learners(getattr(cast, role), cast.art_class)
    assert (answer["learner_name"].to_list(), answer["course_id"].unique().to_list()) == (
        seen,
        [cast.art] if seen else [],
    )


def test_class_has_the_figures_of_its_teacher_s_overview(cast: Cast) -> None:
    overview = class_progress(cast.teacher)
    assert class_learners(cast.teacher, cast.maths_class).select(overview.columns).unique().rows() == overview.rows()


@pytest.mark.parametrize("question", [course_learners, class_learners])
def test_figures_and_page_are_one_question(cast: Cast, question: type) -> None:
    ask.forget_answers()
    assert question(EVERYONE, cast.maths if question is course_learners else cast.maths_class).height > 1
    assert ask._remembered_answer.cache_info().misses == 1


@pytest.mark.parametrize("question", [course_learners, class_learners])
def test_place_without_learners_is_shown_to_administrators_and_to_no_one_without_a_part_in_it(
    recorded: MakeCurrent, world: World, question: type
) -> None:
    course_id = world.course()
    class_id = world.school_class(course_id, [])
    recorded(world)
    subject = course_id if question is course_learners else class_id
    assert question(EVERYONE, subject).select("learners_count", "learner_id").rows() == [(0, None)]
    assert question(Viewer(1, "Teo", frozenset({"teacher"}), frozenset({1})), subject).is_empty()
    assert question(EVERYONE, 999_999).is_empty()


def test_walk_meets_everyone_once_though_others_are_recorded_meanwhile(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(3)
    learners = world.learners_with(course_id, modules, *[0] * 7)
    recorded(world)
    seen: list[int] = []
    after: Position | None = None
    for number, learner_id in enumerate(learners):
        page = course_learners(EVERYONE, course_id, order="name", after=after, limit=1)
        seen += page["learner_id"].to_list()
        after = Position(*page.select("order_key", "learner_id").row(0))
        with current_record().writing() as tx:
            touch_row(tx, learner_id, modules[number % 3], NOW - timedelta(minutes=number))
    assert seen == learners


CHANGES: list[Callable[[Transaction, Cast], object]] = [
    lambda tx, cast: touch_row(tx, cast.learners["Dina"], cast.maths_modules[2], NOW),
    lambda tx, cast: enrol(tx, [cast.learners["Elif"]], cast.maths, NOW),
    lambda tx, cast: drop(tx, cast.learners["Dina"], cast.maths, NOW),
    lambda tx, cast: tx.execute(
        update(User).values(full_name="Zoe", changed_in=tx.number).where(User.id == cast.learners["Bo"])
    ),
    lambda tx, cast: retire_module(tx, cast.maths_modules[0], NOW - timedelta(hours=1)),
]


@pytest.mark.parametrize("change", CHANGES, ids=["done", "enrolled", "dropped", "renamed", "retired"])
def test_answer_that_was_remembered_gives_way_to_what_changed(
    cast: Cast, change: Callable[[Transaction, Cast], object]
) -> None:
    before = course_learners(EVERYONE, cast.maths)
    with current_record().writing() as tx:
        change(tx, cast)
    after = course_learners(EVERYONE, cast.maths)
    ask.forget_answers()
    assert after.equals(course_learners(EVERYONE, cast.maths))
    assert not after.equals(before)


def test_answer_outlasts_what_happens_in_another_course(cast: Cast) -> None:
    ask.forget_answers()
    course_learners(EVERYONE, cast.maths)
    in_art = [module.id for module in cast.world.modules.values() if module.course_id == cast.art]
    with current_record().writing() as tx:
        touch_row(tx, cast.learners["Dina"], in_art[0], NOW)
    course_learners(EVERYONE, cast.maths)
    assert ask._remembered_answer.cache_info().misses == 1
