"""`GET /classes/{id}/progress`: the progress of a class's learners in its course, summarised and one by one."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.answers.conditional import CONDITIONAL, IfNoneMatch, conditional_answer
from api.answers.fields import Id
from api.answers.paging import Cursor, Limit
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.learner_page import LearnerPage, Sort, page_asked, page_values
from queries.asking.ask import as_of
from queries.learner_page import class_learners

CLASS_PROGRESS = APIRouter(route_class=SignedInRoute)


class ClassProgress(LearnerPage):
    """A class and its learners."""

    class_id: int = Field(examples=[5])
    class_external_id: str | None = Field(examples=["7A-ALG"])
    class_name: str = Field(examples=["7a"])


@CLASS_PROGRESS.get(
    "/classes/{class_id}/progress",
    tags=["Progress"],
    summary="A class’s learners",
    response_model=ClassProgress,
    responses=CONDITIONAL | documented(401, 403, 404, 422, 429),
)
def progress_of_class(
    viewer: SignedIn,
    class_id: Id,
    if_none_match: IfNoneMatch = None,
    sort: Sort = "id",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The class's learners whom you may see, in the class's course alone, and figures over all of them.

    A class without learners is shown to those who teach it and to administrators.
    """
    asked = page_asked(sort, cursor, limit)
    values = page_values(class_learners(viewer, class_id, **asked), asked, ClassProgress)
    return conditional_answer(values, as_of(), if_none_match)
