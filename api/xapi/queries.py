"""What `GET /xapi/statements` can be asked for: its parameters, and the cursor of `more` that holds them all."""

from datetime import datetime
from typing import Self

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.xapi.parameters import Flag, Iri, NamedActor, Time, Uuid
from data.opaque_text import as_opaque, from_opaque
from progress.xapi.record.filters import StatementFilter
from progress.xapi.statement.formats import Format

MOST_STATEMENTS = 500
_LONGEST_CURSOR = 20_000


class WrongCursor(HTTPException):
    def __init__(self) -> None:
        super().__init__(400, "This cursor leads nowhere. Take the address in “more” as it is.")


class StatementQuery(BaseModel):
    """A statement by its id, a page of those that are asked for, or the next page by its cursor."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    statement_id: Uuid | None = Field(None, alias="statementId")
    voided_statement_id: Uuid | None = Field(None, alias="voidedStatementId")
    agent: NamedActor | None = Field(None, description="An agent or group as JSON.")
    verb: Iri | None = None
    activity: Iri | None = None
    registration: Uuid | None = None
    related_activities: Flag = Field("false", description="Find the activity in contexts and SubStatements too.")
    related_agents: Flag = Field("false", description="Find the agent wherever a statement names one.")
    since: Time | None = Field(None, description="Stored after this time.")
    until: Time | None = Field(None, description="Stored at this time or before.")
    limit: int = Field(0, ge=0, le=2**31, description=f"0, or more than {MOST_STATEMENTS}: {MOST_STATEMENTS}.")
    format: Format = "exact"
    attachments: Flag = Field("false", description="With the data of attachments, as multipart/mixed.")
    ascending: Flag = "false"
    cursor: str | None = Field(None, max_length=_LONGEST_CURSOR, description="Part of “more”.")

    @model_validator(mode="after")
    def _ids_stand_alone(self) -> Self:
        given = self.model_fields_set - {"format", "attachments"}
        if given & {"statement_id", "voided_statement_id", "cursor"} and len(given) > 1:
            raise ValueError("An id or a cursor cannot be combined with other parameters.")
        return self

    @property
    def first_page(self) -> "Cursor":
        names = ("agent", "verb", "activity", "registration", "since", "until", "format")
        return Cursor(
            after=None,
            limit=min(self.limit or MOST_STATEMENTS, MOST_STATEMENTS),
            attachments=self.attachments == "true",
            related_agents=self.related_agents == "true",
            related_activities=self.related_activities == "true",
            is_ascending=self.ascending == "true",
            **{name: getattr(self, name) for name in names},
        )


class Cursor(BaseModel):
    """Where the next page begins, and all that was asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    after: int | None = Field(ge=0, lt=2**63)
    limit: int = Field(ge=1, le=MOST_STATEMENTS)
    format: Format
    attachments: bool = False
    is_ascending: bool
    agent: str | None
    verb: str | None
    activity: str | None
    registration: str | None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None
    until: datetime | None

    def text(self) -> str:
        return as_opaque(self.model_dump_json().encode())

    @property
    def filter(self) -> StatementFilter:
        return StatementFilter(**self.model_dump(exclude={"after", "limit", "format", "attachments"}))


def cursor_of(text: str) -> Cursor:
    """Raises WrongCursor for anything that was not given out here."""
    try:
        return Cursor.model_validate_json(from_opaque(text))
    except (ValueError, ValidationError):
        raise WrongCursor from None
