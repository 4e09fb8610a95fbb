"""What the progress of courses and classes share: figures over all learners, and a page of these learners."""

from typing import Annotated, Any, TypedDict

import polars as pl
from fastapi import Query
from pydantic import BaseModel, Field, TypeAdapter

from api.answers.fields import Number, StrictId, Time
from api.answers.paging import WrongCursor, cursor_of, place_of
from api.answers.problems import NotFound
from api.v1.course_standing import CourseStanding
from queries.learner_page import Order, Position

Sort = Annotated[
    Order,
    Query(
        description="What the learners are sorted by; `modules` is the share of modules, `percentage` that of whole "
        "units, and with `-` the highest comes first. By id or name you meet everyone once, whatever is recorded "
        "meanwhile; by modules or percentage those whose own changes may be met twice or not."
    ),
]

_PLACES: dict[str, TypeAdapter[tuple[Order, Any, int]]] = {
    "id": TypeAdapter(tuple[Order, StrictId, StrictId]),
    "name": TypeAdapter(tuple[Order, str, StrictId]),
    "percentage": TypeAdapter(tuple[Order, Number, StrictId]),
    "-percentage": TypeAdapter(tuple[Order, Number, StrictId]),
    "modules": TypeAdapter(tuple[Order, Number, StrictId]),
    "-modules": TypeAdapter(tuple[Order, Number, StrictId]),
}


class Figures(BaseModel):
    """Figures over those of the learners whom you may see; dropped ones are counted apart and in no mean."""

    learners_count: int = Field(examples=[24], description="Not dropped: what the means divide by.")
    active_learners_count: int = Field(
        examples=[19], description="Of these, did something this week; what staff enter is no activity."
    )
    completed_learners_count: int = Field(examples=[3])
    dropped_learners_count: int = Field(examples=[1])
    not_started_learners_count: int = Field(examples=[2])
    mean_percentage: float | None = Field(examples=[58.33], description="Of the percentages of whole units.")
    median_percentage: float | None = Field(examples=[60.0])
    mean_modules_percentage: float | None = Field(
        examples=[66.67], description="Of completed ÷ counting modules: what to compare classes and courses by."
    )
    median_modules_percentage: float | None = Field(examples=[70.0])


class LearnerOfCourse(CourseStanding):
    user_id: int = Field(validation_alias="learner_id", examples=[17])
    user_external_id: str | None = Field(validation_alias="learner_external_id", examples=["28400"])
    full_name: str = Field(validation_alias="learner_name", examples=["Ada Lovelace"])


# The names in the answer by column of the frame.
_LEARNER = {str(field.validation_alias or name): name for name, field in LearnerOfCourse.model_fields.items()}


class LearnerPage(BaseModel):
    """The figures, and a page of the learners."""

    as_of: Time
    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
    summary: Figures
    learners: list[LearnerOfCourse]
    next_cursor: str | None = Field(
        examples=["WyJpZCIsMTE4LDExOF0"], description="Send it as `cursor` for the next page; null on the last."
    )


class PageAsked(TypedDict):
    """The page to request from `queries.learner_page`."""

    order: Order
    after: Position | None
    limit: int


def page_asked(sort: Order, cursor: str | None, limit: int) -> PageAsked:
    """Requests one more learner than fits, to know whether another page follows. Raises WrongCursor."""
    return {"order": sort, "after": _position(sort, cursor) if cursor is not None else None, "limit": limit + 1}


def page_values(frame: pl.DataFrame, asked: PageAsked, answer: type[LearnerPage]) -> dict[str, Any]:
    """The answer without `as_of`, from the rows of `queries.learner_page`. Raises NotFound if there are none."""
    if frame.is_empty():
        raise NotFound
    figures, found, most = frame.row(0, named=True), frame.drop_nulls("learner_id"), asked["limit"] - 1
    last = found.row(most - 1, named=True) if found.height > most else None
    learners = found.head(most).select(*_LEARNER).rows()
    return {
        **{name: figures[name] for name in answer.model_fields if name in figures},
        "summary": {name: figures[name] for name in Figures.model_fields},
        "learners": [dict(zip(_LEARNER.values(), row, strict=True)) for row in learners],
        "next_cursor": last and cursor_of(asked["order"], last["order_key"], last["learner_id"]),
    }


def _position(sort: Order, cursor: str) -> Position:
    order, order_key, learner_id = place_of(cursor, _PLACES[sort])
    if order != sort:
        raise WrongCursor(cursor)
    return Position(order_key, learner_id)
