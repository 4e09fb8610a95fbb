"""`/courses/{id}/completion-rule`: a course's rule with all versions, changing it, and previewing a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from api.answers.conditional import CONDITIONAL, TAGGED, IfNoneMatch
from api.answers.fields import Id
from api.answers.problems import NotFound, WrongValue, documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.completion_rule_bodies import (
    CourseRule,
    Gain,
    Gains,
    NewRule,
    SavedRule,
    SavingRule,
    course_rule,
    rule_asked,
    saved_rule,
)
from api.v1.completion_rule_tags import IfMatch, expected_version, rule_answer
from data.viewer import NotAllowed, Viewer
from progress.courses.completion_rule_checks import InvalidRule
from progress.courses.completion_rules import (
    CompletionRule,
    RuleChanged,
    UnknownCourse,
    preview,
    rule_history,
    save_completion_rule,
)
from queries.course_structure import courses

COMPLETION_RULES = APIRouter(route_class=SignedInRoute, tags=["Completion rules"])

_PATH = "/courses/{course_id}/completion-rule"
_MANAGE = {"x-scope": "manage"}
_REEVALUATE = "Also complete those who had met the rule before now. See the preview first."


@COMPLETION_RULES.get(
    _PATH,
    summary="A course’s completion rule",
    response_model=CourseRule,
    responses=CONDITIONAL | documented(401, 403, 404, 422, 429),
)
def completion_rule(viewer: SignedIn, course_id: Id, if_none_match: IfNoneMatch = None) -> Response:
    """What completes the course, for everyone who sees it; without a rule of its own all units do, as version 0.

    Who saved a version is told to administrators.
    """
    _require_course(viewer, course_id)
    answer = course_rule(course_id, rule_history(course_id), tells_names=viewer.sees_everyone)
    return rule_answer(answer, answer.version, if_none_match)


@COMPLETION_RULES.put(
    _PATH,
    summary="Change a course’s completion rule",
    response_model=SavedRule,
    openapi_extra=_MANAGE,
    responses=TAGGED | documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
def change_completion_rule(viewer: SignedIn, course_id: Id, body: SavingRule, if_match: IfMatch = None) -> Response:
    """Let the rule hold from now on, for administrators. Nobody’s completion is taken back.

    The same rule again is no further version, unless it is to judge anew all that was done before it came.
    Two who change it at once do not overwrite each other where they send If-Match or `version`.
    """
    expected = expected_version(if_match, body.version)
    return _saved(viewer, course_id, rule_asked(body), body.reevaluate, expected, if_match)


@COMPLETION_RULES.delete(
    _PATH,
    summary="Take a course’s completion rule away",
    response_model=SavedRule,
    openapi_extra=_MANAGE,
    responses=TAGGED | documented(401, 403, 404, 412, 422, 429),
)
def remove_completion_rule(
    viewer: SignedIn,
    course_id: Id,
    reevaluate: Annotated[bool, Query(description=_REEVALUATE)] = False,
    if_match: IfMatch = None,
) -> Response:
    """Let all units complete the course again from now on, for administrators. Nobody’s completion is taken back."""
    return _saved(viewer, course_id, None, reevaluate, expected_version(if_match, None), if_match)


@COMPLETION_RULES.post(
    f"{_PATH}/preview",
    summary="Who would gain by a completion rule",
    openapi_extra=_MANAGE | {"x-rate-limit": "export"},
    responses=documented(400, 401, 403, 404, 413, 415, 422, 429),
)
def preview_completion_rule(
    viewer: SignedIn,
    course_id: Id,
    body: NewRule,
    limit: Annotated[int, Query(ge=1, le=10_000, description="Learners to name, by name.")] = 1_000,
) -> Gains:
    """Whom the rule would complete if it were saved with `reevaluate`, for administrators. Changes nothing."""
    with _told(viewer, course_id, if_match=None):
        rows = preview(viewer, course_id, rule_asked(body))
    learners = [Gain.model_validate(row) for row in rows.head(limit).to_dicts()]
    return Gains(as_of=datetime.now(UTC), course_id=course_id, learners_count=rows.height, learners=learners)


def _saved(
    viewer: Viewer,
    course_id: int,
    rule: CompletionRule | None,
    reevaluate: bool,
    expected: int | None,
    if_match: str | None,
) -> Response:
    with _told(viewer, course_id, if_match):
        saved = save_completion_rule(viewer, course_id, rule, reevaluate, expected_version=expected)
    answer = saved_rule(course_id, rule_history(course_id), saved)
    return rule_answer(answer, answer.version)


@contextmanager
def _told(viewer: Viewer, course_id: int, if_match: str | None) -> Iterator[None]:
    """Raise the errors of a change as the problems that the API answers with."""
    _require_course(viewer, course_id)
    try:
        yield
    except NotAllowed:
        raise HTTPException(403, "Only administrators may change when a course is complete.") from None
    except UnknownCourse:
        raise NotFound from None
    except RuleChanged as changed:
        raise HTTPException(409 if if_match is None else 412, str(changed)) from None
    except InvalidRule as wrong:
        raise WrongValue(("body", wrong.field) if wrong.field else ("body",), str(wrong)) from None


def _require_course(viewer: Viewer, course_id: int) -> None:
    """Raises NotFound unless the viewer may see the course."""
    if course_id not in courses(viewer)["course_id"]:
        raise NotFound
