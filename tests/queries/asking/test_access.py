"""Who sees what: every public question asked by every role, and by a person who must see nothing."""

from collections.abc import Iterator
from contextlib import suppress

import polars as pl
import pytest

from data.viewer import NotAllowed, Viewer
from queries.achievements import achievements
from queries.class_modules import class_modules
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.course_structure import courses, modules
from queries.data_quality import events_beyond_the_end, future_events
from queries.exports.whole_views import EXPORTS
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.needs_a_look import needs_a_look
from queries.next_module import continue_watching
from queries.people import learners, people
from queries.person import guardians, person
from queries.sync.changes import Changes, UnknownLearner
from queries.unit_progress import unit_progress
from tests.queries.cast import Cast
from tests.queries.questions import QUESTIONS, Question, askings, everyone_and_everything

ROLES = ("student", "teacher", "parent", "administrator", "nobody")
SEEN = {
    "student": {"Amal"},
    "teacher": {"Amal", "Bo", "Chidi"},
    "parent": {"Amal"},
    "administrator": {"Amal", "Bo", "Chidi", "Dina", "Elif"},
    "nobody": set(),
}


def viewer_of(cast: Cast, role: str) -> Viewer:
    viewer: Viewer = getattr(cast, role)
    return viewer


def shown(answer: object) -> pl.DataFrame:
    """The rows of an answer, whatever holds them."""
    if isinstance(answer, Changes):
        return answer.rows
    if isinstance(answer, Iterator):
        return pl.concat(answer)
    assert isinstance(answer, pl.DataFrame)
    return answer


def answers(viewer: Viewer, question: Question) -> Iterator[pl.DataFrame]:
    """What the viewer is shown, whatever it is asked about; a refusal shows nothing."""
    choices = everyone_and_everything() | {"what": list(EXPORTS), "filters": [{}]}
    for given in askings(question, choices):
        with suppress(NotAllowed, UnknownLearner):
            yield shown(question(viewer, **given))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_shows_nothing_to_a_person_who_must_see_nothing(cast: Cast, name: str) -> None:
    assert all(answer.is_empty() for answer in answers(cast.nobody, QUESTIONS[name]))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_shows_the_learners_whom_the_viewer_may_see_and_no_others(cast: Cast, name: str) -> None:
    for role in ROLES:
        named = [
            answer["learner_id"] for answer in answers(viewer_of(cast, role), QUESTIONS[name]) if "learner_id" in answer
        ]
        seen = {cast.learners[each] for each in SEEN[role]}
        assert set(pl.concat(named or [pl.Series(dtype=pl.Int64)]).drop_nulls()) <= seen


def test_every_question_is_found() -> None:
    found = {name.rpartition(".")[2] for name in QUESTIONS}
    assert {"achievements", "changes", "class_learners", "course_progress", "exported", "learners"} <= found


@pytest.mark.parametrize("role", ROLES)
def test_whole_lists_hold_all_learners_whom_the_viewer_may_see(cast: Cast, role: str) -> None:
    for question in (course_progress, unit_progress, module_progress, learners):
        assert set(question(viewer_of(cast, role))["learner_id"]) == {cast.learners[name] for name in SEEN[role]}


@pytest.mark.parametrize("role", ROLES)
def test_each_learner_whom_the_viewer_may_see_is_shown_when_asked_for(cast: Cast, role: str) -> None:
    viewer = viewer_of(cast, role)
    for question in (continue_watching, milestone_timeline, achievements):
        found = {name for name, learner_id in cast.learners.items() if not question(viewer, learner_id).is_empty()}
        assert found == SEEN[role]


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
