"""The kinds of values that the API takes and gives, each with its limits and an example."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer

LARGEST_ID = 2**63 - 1


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in the year 1 or 9999: judged with the event, which does not spoil the others of its batch
        return moment.replace(tzinfo=UTC)


def _aware(moment: Any) -> Any:
    """Frames hold UTC times without saying so."""
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) and moment.tzinfo is None else moment


def _rendered(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


Id = Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[17])]
StrictId = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID, examples=[17])]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]

ReportedTime = Annotated[AwareDatetime, AfterValidator(_in_utc), Field(examples=["2026-03-02T09:30:00+01:00"])]
Time = Annotated[
    datetime,
    BeforeValidator(_aware),
    PlainSerializer(_rendered, return_type=str),
    Field(examples=["2026-03-02T08:30:00Z"]),
]

ExactPercentage = Annotated[
    float | None,
    Field(description="100 × done ÷ all, as stored; null when there is nothing to do.", examples=[66.66666666666667]),
]
ShownPercentage = Annotated[
    int | None,
    Field(
        description="What people are shown: rounded down, at least 1 when something is done, 100 only when all is.",
        examples=[66],
    ),
]
