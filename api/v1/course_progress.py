"""`GET /courses/{id}/progress`: the progress of a course's learners, summarised and one by one."""

from fastapi import APIRouter, Response

from api.answers.conditional import CONDITIONAL, IfNoneMatch, conditional_answer
from api.answers.fields import Id
from api.answers.paging import Cursor, Limit
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.learner_page import LearnerPage, Sort, page_asked, page_values
from queries.asking.ask import as_of
from queries.learner_page import course_learners

COURSE_PROGRESS = APIRouter(route_class=SignedInRoute)


class CourseProgress(LearnerPage):
    """A course and its learners."""


@COURSE_PROGRESS.get(
    "/courses/{course_id}/progress",
    tags=["Progress"],
    summary="A course’s learners",
    response_model=CourseProgress,
    responses=CONDITIONAL | documented(401, 403, 404, 422, 429),
)
def progress_of_course(
    viewer: SignedIn,
    course_id: Id,
    if_none_match: IfNoneMatch = None,
    sort: Sort = "id",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The course's learners whom you may see, and figures over all of them (not only over this page)."""
    asked = page_asked(sort, cursor, limit)
    values = page_values(course_learners(viewer, course_id, **asked), asked, CourseProgress)
    return conditional_answer(values, as_of(), if_none_match)
