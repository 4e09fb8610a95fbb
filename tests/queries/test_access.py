"""Who sees what: every typed question asked by every role, and by a person who must see nothing."""

from collections.abc import Callable

import polars as pl
import pytest

from data.viewer import Viewer
from queries.class_modules import class_modules
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.course_structure import courses, modules
from queries.data_quality import events_beyond_the_end, future_events
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress, next_modules
from queries.needs_a_look import needs_a_look
from queries.next_module import continue_watching
from queries.people import NotAllowed, learners, people
from queries.person import guardians, person
from queries.unit_progress import unit_progress
from tests.queries.cast import Cast

ROLES = ("student", "teacher", "parent", "administrator", "nobody")
SEEN = {
    "student": {"Amal"},
    "teacher": {"Amal", "Bo", "Chidi"},
    "parent": {"Amal"},
    "administrator": {"Amal", "Bo", "Chidi", "Dina", "Elif"},
    "nobody": set(),
}


def _of_each(question: Callable[[Viewer, int], pl.DataFrame]) -> Callable[[Cast, Viewer], pl.DataFrame]:
    """The question asked about every learner of the school."""
    return lambda cast, viewer: pl.concat([question(viewer, learner_id) for learner_id in cast.learners.values()])


ABOUT_LEARNERS: dict[str, Callable[[Cast, Viewer], pl.DataFrame]] = {
    "course_progress": lambda cast, viewer: course_progress(viewer),
    "unit_progress": lambda cast, viewer: unit_progress(viewer),
    "module_progress": lambda cast, viewer: module_progress(viewer),
    "learners": lambda cast, viewer: learners(viewer),
    "course_progress of each": _of_each(lambda viewer, learner_id: course_progress(viewer, learner_id=learner_id)),
    "unit_progress of each": _of_each(lambda viewer, learner_id: unit_progress(viewer, learner_id=learner_id)),
    "module_progress of each": _of_each(lambda viewer, learner_id: module_progress(viewer, learner_id=learner_id)),
    "next_modules of each": _of_each(next_modules),
    "continue_watching of each": _of_each(continue_watching),
    "milestone_timeline of each": _of_each(milestone_timeline),
}


def viewer_of(cast: Cast, role: str) -> Viewer:
    viewer: Viewer = getattr(cast, role)
    return viewer


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("question", ABOUT_LEARNERS)
def test_rows_tell_of_learners_whom_the_viewer_may_see_and_no_one_else(cast: Cast, question: str, role: str) -> None:
    answer = ABOUT_LEARNERS[question](cast, viewer_of(cast, role))
    assert set(answer["learner_id"]) == {cast.learners[name] for name in SEEN[role]}


@pytest.mark.parametrize("role", ROLES)
def test_asking_for_a_class_shows_its_learners_in_its_course_as_far_as_they_are_seen(cast: Cast, role: str) -> None:
    in_class = {cast.learners[name] for name in {"Bo", "Elif"} & SEEN[role]}
    for question in (course_progress, unit_progress, module_progress):
        answer = question(viewer_of(cast, role), class_id=cast.art_class)
        assert set(answer.select("learner_id", "course_id").rows()) == {(learner, cast.art) for learner in in_class}
    assert set(learners(viewer_of(cast, role), class_id=cast.art_class)["learner_id"]) == in_class


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        ("student", {"maths": 1}),
        ("teacher", {"maths": 3, "art": 1}),
        ("parent", {"maths": 1}),
        ("administrator", {"maths": 4, "art": 2}),
        ("nobody", {}),
    ],
)
def test_a_course_is_summed_up_over_the_learners_whom_the_viewer_sees(
    cast: Cast, role: str, counts: dict[str, int]
) -> None:
    answer = course_summary(viewer_of(cast, role))
    expected = {getattr(cast, course): learners_count for course, learners_count in counts.items()}
    assert dict(answer.select("course_id", "learners_count").rows()) == expected
    assert set(courses(viewer_of(cast, role))["course_id"]) == expected.keys()
    for course_id in (cast.maths, cast.art):
        assert modules(viewer_of(cast, role), course_id).is_empty() == (course_id not in expected)


@pytest.mark.parametrize("role", ROLES)
def test_a_class_is_seen_by_who_teaches_it_and_by_administrators(cast: Cast, role: str) -> None:
    viewer, both = viewer_of(cast, role), [cast.maths_class, cast.art_class]
    expected = {"teacher": [cast.maths_class], "administrator": both}.get(role, [])
    assert class_progress(viewer)["class_id"].to_list() == expected
    assert class_trend(viewer, both)["class_id"].unique(maintain_order=True).to_list() == expected
    assert [class_id for class_id in both if not class_modules(viewer, class_id).is_empty()] == expected


@pytest.mark.parametrize("role", ROLES)
def test_learners_who_need_a_look_are_shown_to_who_teaches_them(cast: Cast, role: str) -> None:
    expected = {"teacher": {"Chidi"}, "administrator": {"Chidi", "Elif"}}.get(role, set())
    assert set(needs_a_look(viewer_of(cast, role))["learner_name"]) == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_course_s_trend_is_for_administrators_and_for_who_teaches_a_class_in_it(cast: Cast, role: str) -> None:
    expected = {"teacher": {cast.maths}, "administrator": {cast.maths, cast.art}}.get(role, set())
    assert set(cohort_trend(viewer_of(cast, role), [cast.maths, cast.art])["course_id"]) == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_directory_is_the_administrators_alone(cast: Cast, role: str) -> None:
    viewer = viewer_of(cast, role)
    questions = [
        lambda: people(viewer),
        lambda: future_events(viewer),
        lambda: events_beyond_the_end(viewer),
        lambda: person(viewer, cast.learners["Amal"]),
        lambda: guardians(viewer, cast.learners["Amal"]),
    ]
    for question in questions:
        if role == "administrator":
            question()
        else:
            with pytest.raises(NotAllowed):
                question()
