"""One presentation of the OULAD: its checked rows in the source's terms, and the dates of its numbered days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True)
class Presentation:
    """The rows of the seven tables about one presentation, such as AAA-2013J."""

    external_id: str
    starts_on: date
    length_days: int
    sites: pl.DataFrame
    assessments: pl.DataFrame
    students: pl.DataFrame
    registrations: pl.DataFrame
    submissions: pl.DataFrame
    clicks: pl.DataFrame

    @property
    def rows_count(self) -> int:
        """The number of its rows in all tables, including the one in `courses`."""
        people = self.students.height + self.registrations.height
        return 1 + self.sites.height + self.assessments.height + people + self.submissions.height + self.clicks.height

    @property
    def ends_on(self) -> date:
        """The last day; clicks are recorded up to and including it."""
        return self.starts_on + timedelta(days=self.length_days)

    @property
    def counts_from(self) -> datetime:
        """Midnight UTC of the first day with any row, so that no completion precedes its module."""
        days = [
            self.clicks["date"].min(),
            self.submissions["date_submitted"].min(),
            self.registrations["date_registration"].min(),
            self.registrations["date_unregistration"].min(),
        ]
        return self.midnight(min([0, *(day for day in days if isinstance(day, int))]))

    def midnight(self, day: int) -> datetime:
        """Naive midnight UTC of a day counted from the start."""
        return datetime.combine(self.starts_on, _MIDNIGHT) + timedelta(days=day)

    def moment(self, day: pl.Expr) -> pl.Expr:
        """The same for a column of days."""
        return (pl.lit(self.midnight(0), pl.Datetime("us")) + pl.duration(days=day)).cast(pl.Datetime("us"))


def presentations(tables: Mapping[str, pl.DataFrame]) -> Iterator[Presentation]:
    """The checked tables split into presentations, in the order of their start."""
    for course in tables["courses"].sort("starts_on", "presentation").iter_rows(named=True):
        is_own = pl.col("presentation") == course["presentation"]
        yield Presentation(
            external_id=course["presentation"],
            starts_on=course["starts_on"],
            length_days=course["module_presentation_length"],
            sites=tables["vle"].filter(is_own),
            assessments=tables["assessments"].filter(is_own),
            students=tables["studentInfo"].filter(is_own),
            registrations=tables["studentRegistration"].filter(is_own),
            submissions=tables["studentAssessment"].filter(is_own).with_columns(date_submitted=_submitted_on()),
            clicks=tables["studentVle"].filter(is_own),
        )


def _submitted_on() -> pl.Expr:
    """A banked result was carried over from an earlier presentation, so it dates from the day before the first."""
    return pl.when(pl.col("is_banked") == 1).then(-1).otherwise("date_submitted")
