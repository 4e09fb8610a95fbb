"""A presentation's learners, enrolments and events as frames with the record's columns and the source's ids."""

import polars as pl

from progress.importers.oulad.presentation import Presentation

SOURCE = "oulad"


def learners_of(presentation: Presentation) -> pl.DataFrame:
    """(external_id, full_name). The data set is anonymous, so people are named by number.

    Sorted by their ids as text, like events, so that the record's indexes grow at their ends.
    """
    return presentation.students.sort(pl.format("{}:", "id_student")).select(
        external_id=pl.col("id_student").cast(pl.String), full_name=pl.format("Learner {}", "id_student")
    )


def enrolments_of(presentation: Presentation) -> pl.DataFrame:
    """learner_external_id, status, enrolled_at, completed_at, completed_by, dropped_at."""
    is_dropped = pl.col("final_result") == "Withdrawn"
    is_completed = pl.col("final_result").is_in(["Pass", "Distinction"])
    status = pl.when(is_dropped).then(pl.lit("dropped")).when(is_completed).then(pl.lit("completed"))
    dropped_on = pl.col("date_unregistration").fill_null(presentation.length_days)
    registrations = presentation.registrations.drop("row", "presentation")
    return presentation.students.join(registrations, on="id_student", how="left").select(
        learner_external_id=pl.col("id_student").cast(pl.String),
        status=status.otherwise(pl.lit("active")),
        enrolled_at=presentation.moment(pl.col("date_registration").fill_null(0)),
        completed_at=pl.when(is_completed).then(presentation.moment(pl.lit(presentation.length_days))),
        completed_by=pl.when(is_completed).then(pl.lit("source")),
        dropped_at=pl.when(is_dropped).then(presentation.moment(dropped_on)),
    )


def events_of(presentation: Presentation) -> pl.DataFrame:
    """learner_external_id, module_external_id and the columns of an event, in the order of their ids.

    One `viewed` per learner, site and day, one `submitted` per learner and assessment. Sites and assessments belong
    to one presentation each, so the ids are unique; they start with the learner and so sort as learners do.
    """
    events = pl.concat([_views(presentation), _submitted(presentation)])
    return events.sort("event_id").with_columns(
        source=pl.lit(SOURCE), authority=pl.lit("system"), received_at=pl.col("occurred_at")
    )


def _views(presentation: Presentation) -> pl.DataFrame:
    """Several click rows for one learner, site and day are not duplicates, so their clicks are summed."""
    key = ["id_student", "id_site", "date"]
    return (
        presentation.clicks.group_by(key)
        .agg(interactions_count=pl.col("sum_click").sum())
        .select(
            event_id=pl.format("v:{}:{}:{}", *key),
            learner_external_id=pl.col("id_student").cast(pl.String),
            module_external_id=pl.col("id_site").cast(pl.String),
            kind=pl.lit("viewed"),
            occurred_at=presentation.moment(pl.col("date")),
            score=pl.lit(None, pl.Float64),
            interactions_count=pl.col("interactions_count"),
        )
    )


def _submitted(presentation: Presentation) -> pl.DataFrame:
    return presentation.submissions.select(
        event_id=pl.format("a:{}:{}", "id_student", "id_assessment"),
        learner_external_id=pl.col("id_student").cast(pl.String),
        module_external_id=pl.col("id_assessment").cast(pl.String),
        kind=pl.lit("submitted"),
        occurred_at=presentation.moment(pl.col("date_submitted")),
        score=pl.col("score"),
        interactions_count=pl.lit(1, pl.Int64),
    )
