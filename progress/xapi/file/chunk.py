"""One chunk of statements, in columns, into the record: who and what they name, what is new, what they change."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import XapiStatement
from data.moments import naive_utc
from data.record import Transaction
from data.source_rows import Tally
from progress.completion.module_states import TIME
from progress.recording.events import CLOCK_TOLERANCE
from progress.recording.record import record_many
from progress.xapi.file.naming import mentions_in, places_of, with_subjects
from progress.xapi.file.reading import Refused
from progress.xapi.record.directory import directory_of
from progress.xapi.record.events import SOURCE
from progress.xapi.record.judging import Conflict, VoidsVoiding
from progress.xapi.record.provisioned_learners import roll_up_newcomers
from progress.xapi.record.provisioning import Provisioned, provision, provision_courses
from progress.xapi.record.storing import ROW_SCHEMA, store_rows
from progress.xapi.statement.incoming import says_the_same
from progress.xapi.statement.statements import VOIDED
from progress.xapi.statement.subjects import Subject
from progress.xapi.statement.verbs import ONLY_OF_WHAT_IS_KNOWN, event_kind

_EVENT = ["user_id", "module_id", "kind", "authority", "occurred_at", "score", "position_seconds", "watched_intervals"]


@dataclass
class Outcome:
    """What became of a chunk. `unknown` are the rows about someone or something that nobody knows yet."""

    unknown: pl.DataFrame
    refused: list[Refused] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def has_made_known(self) -> bool:
        return any(self.tallies[name].created for name in ("videos", "learners", "enrolments") if name in self.tallies)


def import_chunk(tx: Transaction, rows: pl.DataFrame, *, provisions: bool, begun: dict[int, datetime]) -> Outcome:
    """Store the rows (COLUMNS of `reading`) that are new and may be taken in, with all that follows from them.

    `begun` is the import's memory of courses that it found empty: see `provision`.
    """
    now = datetime.now(UTC)
    # The texts stay aside: they are most of the bytes, and each step would copy them.
    about, subjects = with_subjects(
        rows.drop("statement").with_columns(
            is_event=pl.col("meant").is_not_null() & (pl.col("meant") != ONLY_OF_WHAT_IS_KNOWN),
            may_be_event=pl.col("meant").is_not_null(),
            voids=pl.when(pl.col("verb") == VOIDED).then(pl.col("targets")),
        )
    )
    texts = rows.select("number", "statement")
    fresh, refused = _without_kept(tx, about, texts)
    taken_in = about.filter(~pl.col("number").is_in([refusal.number for refusal in refused]))
    (_, tallies, newcomers), places = _places(tx, subjects, taken_in, now, provisions, begun)
    found = fresh.join(places, on="subject", how="left", maintain_order="left")
    unknown, known = found.filter(pl.col("reason").is_not_null()), found.filter(pl.col("reason").is_null())
    tallies["statements"] = Tally(known.height, 0, rows.height - fresh.height - len(refused))
    tallies["events"] = _keep(tx, known, texts, now)
    roll_up_newcomers(tx, newcomers)
    return Outcome(_with_texts(unknown, texts).select(*rows.columns, "reason"), refused, tallies)


def _with_texts(rows: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    return rows.join(texts, on="number", how="left", maintain_order="left")


def _without_kept(tx: Transaction, rows: pl.DataFrame, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[Refused]]:
    """The rows that are new, and those that contradict what is kept or may not void what they name."""
    # Sorted, they are looked up in half the time: neighbours lie on the same pages.
    ids = pl.concat([rows["statement_id"], rows["voids"].drop_nulls()]).sort()
    stored = select(XapiStatement.statement_id, XapiStatement.verb, XapiStatement.statement).where(
        matches_any(tx, XapiStatement.statement_id, ids.to_list())
    )
    kept = rows_where(tx, stored, dict.fromkeys(("statement_id", "verb", "statement"), pl.String))
    is_new = rows["statement_id"].is_first_distinct() & ~rows["statement_id"].is_in(kept["statement_id"].implode())
    new, again = rows.filter(is_new), rows.select("number", "statement_id").filter(~is_new)
    is_wrong = new["voids"].is_in(kept.filter(pl.col("verb") == VOIDED)["statement_id"].implode()).fill_null(False)
    refused = [Refused(number, str(VoidsVoiding())) for number in new["number"].filter(is_wrong)]
    if again.height:
        said = _with_texts(new.select("number", "statement_id"), texts).select("statement_id", said="statement")
        refused += _conflicts(
            again.join(texts, on="number"), pl.concat([kept.select("statement_id", said="statement"), said])
        )
    return new.filter(~is_wrong), refused


def _conflicts(again: pl.DataFrame, said: pl.DataFrame) -> list[Refused]:
    """Those rows (number, statement_id, statement) that differ from what was said before under their ids."""
    return [
        Refused(number, str(Conflict(statement_id)))
        for number, statement_id, statement, before in again.join(said, on="statement_id").iter_rows()
        if not says_the_same(before, statement)
    ]


def _places(
    tx: Transaction,
    subjects: list[Subject],
    taken_in: pl.DataFrame,
    now: datetime,
    provisions: bool,
    begun: dict[int, datetime],
) -> tuple[Provisioned, pl.DataFrame]:
    """Where the subjects belong (`places_of`), with what may be made known made known.

    Nobody and nothing becomes known by a statement that is refused: where there are some, what was made known is taken
    back and made known again by the others alone. Their first reason stays: it says what was missing at last.
    """
    reasons: dict[int, str] = {}
    while True:
        courses_begun = dict(begun)
        attempt = tx.connection.begin_nested()
        provisioned = _provisioned(tx, subjects, taken_in, now, provisions, courses_begun)
        places = places_of(subjects, provisioned.directory)
        refused = places.filter(pl.col("reason").is_not_null())
        left = taken_in.join(refused, on="subject", how="anti", maintain_order="left")
        if left.height == taken_in.height or not any(tally.changed for tally in provisioned.tallies.values()):
            attempt.commit()
            begun.update(courses_begun)
            return provisioned, places.with_columns(_with_first_reasons(reasons))
        attempt.rollback()
        reasons = dict(refused.select("subject", "reason").iter_rows()) | reasons
        taken_in = left


def _with_first_reasons(reasons: dict[int, str]) -> pl.Expr:
    first = pl.col("subject").replace_strict(reasons, default=pl.col("reason"), return_dtype=pl.String)
    return pl.when(pl.col("reason").is_not_null()).then(first).alias("reason")


def _provisioned(
    tx: Transaction,
    subjects: list[Subject],
    taken_in: pl.DataFrame,
    now: datetime,
    provisions: bool,
    begun: dict[int, datetime],
) -> Provisioned:
    directory, tallies = directory_of(tx, subjects), dict[str, Tally]()
    if provisions:
        of_them = [subjects[place] for place in taken_in["subject"].unique(maintain_order=True)]
        tallies = provision_courses(tx, of_them, directory)
        directory = directory_of(tx, subjects) if tallies["courses"] != Tally() else directory
    provisioned = provision(tx, subjects, mentions_in(taken_in, now), directory, now, begun)
    return provisioned._replace(tallies=tallies | provisioned.tallies)


def _keep(tx: Transaction, known: pl.DataFrame, texts: pl.DataFrame, now: datetime) -> Tally:
    """Store the statements while their events, of which it tells, are folded."""
    recorded = known.filter(pl.col("module_id").is_not_null())
    if recorded.is_empty():
        _store(tx, _with_texts(known, texts), now)
        return Tally()
    new_count = record_many(tx, _events(recorded, now), meanwhile=lambda: _store(tx, _with_texts(known, texts), now))
    return Tally(new_count, 0, recorded.height - new_count)


def _events(recorded: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """As `record_many` takes them."""
    moment = pl.lit(naive_utc(now), TIME)
    happened = pl.col("happened_at").fill_null(moment)
    is_ahead = happened > moment + CLOCK_TOLERANCE
    events = _with_kinds(recorded.with_columns(has_score=pl.col("score").is_not_null())).with_columns(
        occurred_at=pl.when(is_ahead).then(moment).otherwise(happened)
    )
    return events.select(
        *_EVENT,
        event_id="statement_id",
        source=pl.lit(SOURCE),
        received_at=moment,
        reported_at=pl.when(is_ahead).then(happened),
    ).sort("event_id")  # their index is written to in its own order, in half the time


def _with_kinds(events: pl.DataFrame) -> pl.DataFrame:
    """With the kind of event that each is for its module, and on whose word: a system's, but where it says the last."""
    given = ["meant", "has_score", "completion_rule"]
    rows = [
        (*case, kind.kind, "staff" if kind.is_outright else "system")
        for case in events.select(given).unique().iter_rows()
        for kind in [event_kind(*case)]
    ]
    schema: dict[str, Any] = {
        **{name: events.schema[name] for name in given},
        "kind": pl.String,
        "authority": pl.String,
    }
    return events.join(pl.DataFrame(rows, schema=schema, orient="row"), on=given, how="left", maintain_order="left")


def _store(tx: Transaction, known: pl.DataFrame, now: datetime) -> None:
    is_recorded = pl.col("module_id").is_not_null()
    outcome = pl.when(is_recorded).then(pl.lit("recorded")).otherwise(pl.lit("ignored"))
    happened = pl.col("happened_at").fill_null(pl.lit(naive_utc(now), TIME))
    store_rows(tx, known.with_columns(outcome=outcome, happened_at=happened).select(*ROW_SCHEMA), None, now)
