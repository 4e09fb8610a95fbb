"""The real OULAD, cut down to what a test can import in seconds."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.oulad_import import real_data

PRESENTATION = ["code_module", "code_presentation"]
STUDENT = [*PRESENTATION, "id_student"]

# What the source says, each figure from its own rows; `first_day` is day 0 of a presentation.
QUESTIONS = """
    create view course as
        select *, code_module || '-' || code_presentation as course,
            make_date(left(code_presentation, 4)::int, if(code_presentation like '%B', 2, 10), 1) as first_day
        from courses;
    create view student as
        select course, id_student, final_result, first_day, module_presentation_length as length,
            date_registration as registered, date_unregistration as unregistered
        from studentInfo
        join course using (code_module, code_presentation)
        left join studentRegistration using (code_module, code_presentation, id_student);
    create view module as
        select course, activity_type as unit, id_site as id
        from vle join course using (code_module, code_presentation)
        union all
        select course, 'assessments', id_assessment
        from assessments join course using (code_module, code_presentation);
    create view done as
        select course, id_student, id_site as id, first_day + min(date)::int as completed_on
        from studentVle join course using (code_module, code_presentation)
        group by course, id_student, id_site, first_day
        union all
        select course, id_student, id_assessment, first_day + date_submitted::int
        from studentAssessment
        join assessments using (id_assessment)
        join course using (code_module, code_presentation);
    create view unit as
        select course, id_student, unit, count(done.id) as done, count(*) as total
        from student join module using (course) left join done using (course, id_student, id)
        group by course, id_student, unit;
"""


@pytest.fixture(scope="session")
def real_oulad() -> Path:
    """The folder of the whole data set."""
    folder = real_data() / "oulad"
    if not folder.is_dir():
        pytest.skip(f"The OULAD is not at {folder}; WAYMARK_REAL_DATA says where real data is")
    return folder


@pytest.fixture(scope="session")
def two_presentations(real_oulad: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some students of AAA-2013J and FFF-2014B, and with all sites and assessments of these."""
    target = tmp_path_factory.mktemp("oulad")
    tables = {path.stem: pl.read_parquet(path) for path in real_oulad.glob("*.parquet")}
    students = chosen_students(tables["studentRegistration"], tables["studentAssessment"])
    assessments = tables["assessments"].join(students, on=PRESENTATION, how="semi")
    submitted = tables["studentAssessment"].join(assessments, on="id_assessment").join(students, on=STUDENT, how="semi")
    tables["studentAssessment"] = submitted.select(tables["studentAssessment"].columns)
    for name, rows in tables.items():
        key = STUDENT if "id_student" in rows.columns else PRESENTATION
        own = rows.join(students, on=key, how="semi") if key[0] in rows.columns else rows
        own.write_parquet(target / f"{name}.parquet")
    return target


@pytest.fixture(scope="session")
def source(two_presentations: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same rows, to be asked in SQL."""
    with duckdb.connect() as connection:
        for path in two_presentations.glob("*.parquet"):
            connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
        connection.execute(QUESTIONS)
        yield connection


def chosen_students(registrations: pl.DataFrame, submissions: pl.DataFrame) -> pl.DataFrame:
    """A quarter and a fortieth of the two, and whoever is special.

    Special are the one in both presentations, those registered on a day that nobody noted, 437529, who withdrew on a
    day that nobody noted, and those with a submission that has no score or, every tenth, a banked one.
    """
    both = registrations.filter(pl.concat_str(PRESENTATION).is_in(["AAA2013J", "FFF2014B"]))
    id_student = pl.col("id_student")
    odd = submissions.filter(pl.col("score").is_null() | ((pl.col("is_banked") == 1) & (id_student % 10 == 0)))
    share = pl.when(pl.col("code_module") == "AAA").then(4).otherwise(40)
    is_special = id_student.is_in([*odd["id_student"], 437529]) | pl.col("date_registration").is_null()
    is_in_both = pl.len().over("id_student") == 2
    return both.filter((id_student % share == 0) | is_special | is_in_both).select(STUDENT)
