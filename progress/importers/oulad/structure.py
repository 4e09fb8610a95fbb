"""A presentation as course, units and modules: frames in the record's words that carry the source's ids."""

import polars as pl

from progress.importers.oulad.checking import ASSESSMENTS_UNIT
from progress.importers.oulad.presentation import Presentation

PASS_MARK = 40.0

_ASSESSMENT_KINDS = {"TMA": "assignment", "CMA": "quiz", "Exam": "exam"}

# A site records clicks only, so a quiz among the sites is something to visit and not something that is scored.
_READINGS = {
    *("dualpane", "folder", "glossary", "homepage", "htmlactivity", "oucontent", "page", "resource"),
    *("sharedsubpage", "subpage", "url"),
}
_SITE_NAMES = {
    "dataplus": "Data activity",
    "dualpane": "Dual pane",
    "externalquiz": "External quiz",
    "forumng": "Forum",
    "homepage": "Home page",
    "htmlactivity": "Web activity",
    "oucollaborate": "Online room",
    "oucontent": "Content",
    "ouelluminate": "Live session",
    "ouwiki": "Wiki",
    "repeatactivity": "Repeat activity",
    "sharedsubpage": "Shared subpage",
    "url": "Link",
}


def course_of(presentation: Presentation) -> pl.DataFrame:
    """external_id, title, starts_on, ends_on: one row."""
    name = presentation.external_id.rpartition("-")[0]
    row = {
        "external_id": presentation.external_id,
        "title": f"{name}, {presentation.starts_on:%B %Y}",
        "starts_on": presentation.starts_on,
        "ends_on": presentation.ends_on,
    }
    return pl.DataFrame([row])


def units_of(presentation: Presentation) -> pl.DataFrame:
    """external_id, title, position: the activity types in alphabetical order, then the assessments."""
    names = [*sorted(presentation.sites["activity_type"].unique()), ASSESSMENTS_UNIT]
    return pl.DataFrame({"external_id": names, "title": names}).with_row_index("position", offset=1)


def modules_of(presentation: Presentation) -> pl.DataFrame:
    """unit_external_id, external_id, title, kind, completion_rule, pass_mark, position (within the unit)."""
    modules = pl.concat([_sites(presentation), _assessments(presentation)])
    return modules.with_columns(position=pl.int_range(1, pl.len() + 1).over("unit_external_id"))


def _sites(presentation: Presentation) -> pl.DataFrame:
    kind, site = pl.col("activity_type"), pl.col("id_site")
    name = kind.replace_strict(_SITE_NAMES, default=kind.str.slice(0, 1).str.to_uppercase() + kind.str.slice(1))
    return presentation.sites.sort("activity_type", "id_site").select(
        unit_external_id=kind,
        external_id=site.cast(pl.String),
        title=pl.format("{} {}", name, site),
        kind=pl.when(kind.is_in(_READINGS)).then(pl.lit("reading")).otherwise(pl.lit("activity")),
        completion_rule=pl.lit("viewed"),
        pass_mark=pl.lit(None, pl.Float64),
    )


def _assessments(presentation: Presentation) -> pl.DataFrame:
    """In the order in which they are due; exams have no date and come last."""
    kind = pl.col("assessment_type")
    return presentation.assessments.sort("date", "id_assessment", nulls_last=True).select(
        unit_external_id=pl.lit(ASSESSMENTS_UNIT),
        external_id=pl.col("id_assessment").cast(pl.String),
        title=pl.format("{} {}", kind, "id_assessment"),
        kind=kind.replace_strict(_ASSESSMENT_KINDS, return_dtype=pl.String),
        completion_rule=pl.lit("submitted"),
        pass_mark=pl.lit(PASS_MARK),
    )
