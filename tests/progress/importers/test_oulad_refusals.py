"""Rows and files of the OULAD that cannot be imported: each is named with its reason, and the good rows are kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import func, select

from data.models import Course, Enrolment, ModuleProgress, ProgressEvent
from data.record import Record
from progress.importers.oulad.checking import checked
from progress.importers.oulad.importing import import_oulad
from progress.importers.oulad.source import MissingColumn, MissingTable, UnreadableTable, read_table, source_files
from progress.importers.shared.report import ImportReport
from progress.recording.rebuild import differences
from tests.progress.importers.hand_made_oulad import Tables, hand_made_tables, write_csv, write_parquet
from tests.progress.importers.stored import course_rows, rows


def imported(record: Record, tmp_path: Path, tables: Tables) -> ImportReport:
    return import_oulad(record, write_parquet(tmp_path / "oulad", tables))


def refusals(report: ImportReport) -> list[tuple[str, int, str]]:
    return [(refusal.file, refusal.number, refusal.reason) for refusal in report.refusals]


# Table, the row's number, what is wrong in it, and the reason that is given.
WRONG_ROWS: list[tuple[str, int, dict[str, Any], str]] = [
    (
        "courses",
        2,
        {"code_presentation": "2014X"},
        "code_presentation is “2014X”: it must be a year followed by B or J",
    ),
    ("courses", 2, {"code_presentation": "2094B"}, "BBB-2094B starts in the future, on 2094-02-01"),
    ("courses", 2, {"module_presentation_length": 0}, "module_presentation_length is “0”: it cannot be below 1"),
    ("courses", 2, {"code_module": "AAA", "code_presentation": "2013J"}, "AAA-2013J is listed before"),
    ("vle", 4, {"code_presentation": "2013B"}, "presentation BBB-2013B is unknown"),
    ("vle", 4, {"id_site": 101}, "site 101 is listed before"),
    ("vle", 4, {"activity_type": None}, "activity_type is missing"),
    ("vle", 4, {"activity_type": "assessments"}, "activity_type “assessments” is reserved for the assessments"),
    ("assessments", 4, {"code_module": "CCC"}, "presentation CCC-2014B is unknown"),
    ("assessments", 4, {"id_assessment": 13}, "assessment 13 is listed before"),
    ("assessments", 4, {"id_assessment": 101}, "assessment 101 has the id of a site"),
    ("assessments", 4, {"assessment_type": "Essay"}, "assessment_type is “Essay”: it must be one of TMA, CMA, Exam"),
    ("studentInfo", 6, {"code_module": None}, "code_module is missing"),
    ("studentInfo", 6, {"code_module": "CCC"}, "presentation CCC-2014B is unknown"),
    ("studentInfo", 5, {"id_student": 8}, "student 8 is listed before in AAA-2013J"),
    ("studentInfo", 6, {"id_student": -7}, "id_student is “-7”: it cannot be below 1"),
    (
        *("studentInfo", 6, {"final_result": "Maybe"}),
        "final_result is “Maybe”: it must be one of Pass, Distinction, Fail, Withdrawn",
    ),
    ("studentRegistration", 6, {"id_student": 8}, "student 8 is unknown in BBB-2014B"),
    ("studentRegistration", 5, {"id_student": 8}, "student 8 is registered before in AAA-2013J"),
    ("studentAssessment", 1, {"id_assessment": 99}, "assessment 99 is unknown"),
    ("studentAssessment", 1, {"id_student": 99}, "student 99 is unknown in AAA-2013J"),
    ("studentAssessment", 3, {"id_student": 7}, "student 7 submitted assessment 13 before"),
    ("studentAssessment", 1, {"date_submitted": None}, "date_submitted is missing"),
    ("studentAssessment", 1, {"is_banked": 2}, "is_banked is “2”: it cannot be above 1"),
    ("studentAssessment", 1, {"score": 101.0}, "score is “101.0”: it cannot be above 100"),
    ("studentAssessment", 1, {"score": -0.5}, "score is “-0.5”: it cannot be below 0"),
    ("studentVle", 6, {"id_site": 101}, "site 101 is unknown in BBB-2014B"),
    ("studentVle", 6, {"id_student": 8}, "student 8 is unknown in BBB-2014B"),
    ("studentVle", 6, {"code_presentation": "2014J"}, "presentation BBB-2014J is unknown"),
    ("studentVle", 6, {"sum_click": -1}, "sum_click is “-1”: it cannot be below 1"),
    ("studentVle", 6, {"sum_click": None}, "sum_click is missing"),
    ("studentVle", 6, {"date": 4000}, "date is “4000”: it cannot be above 3650"),
]


@pytest.mark.parametrize(("table", "row", "wrong", "reason"), WRONG_ROWS, ids=[line[3] for line in WRONG_ROWS])
def test_wrong_row_is_refused_with_its_file_its_number_and_the_reason(
    tmp_path: Path, table: str, row: int, wrong: dict[str, Any], reason: str
) -> None:
    tables = hand_made_tables()
    tables[table][row - 1] |= wrong
    files = source_files(write_parquet(tmp_path / "oulad", tables))
    report = ImportReport()
    checked({name: read_table(file) for name, file in files.items()}, datetime(2026, 1, 1), report)
    own = [refusal for refusal in refusals(report) if refusal[0] == f"{table}.parquet"]
    assert own == [(f"{table}.parquet", row, reason)]


def test_of_very_many_refusals_the_first_are_listed_and_all_counted(tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["studentAssessment"] += [{**tables["studentAssessment"][0], "score": -1.0}] * 600
    tables["studentVle"] += [{**tables["studentVle"][0], "id_site": 999}] * 5_000
    files = source_files(write_parquet(tmp_path / "oulad", tables))
    report = ImportReport()
    checked({name: read_table(file) for name, file in files.items()}, datetime(2026, 1, 1), report)
    assert report.refused_count == 5_600
    assert [(file, row) for file, row, _ in refusals(report)] == [
        *(("studentAssessment.parquet", row) for row in range(5, 605)),
        *(("studentVle.parquet", row) for row in range(7, 407)),
    ]


def test_good_rows_beside_wrong_ones_are_kept(sqlite_record: Record, tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["studentVle"][0]["id_site"] = 999
    tables["studentVle"][4]["sum_click"] = 0
    tables["studentAssessment"][2]["score"] = 3900.0
    report = imported(sqlite_record, tmp_path, tables)
    assert refusals(report) == [
        ("studentAssessment.parquet", 3, "score is “3900.0”: it cannot be above 100"),
        ("studentVle.parquet", 1, "site 999 is unknown in AAA-2013J"),
        ("studentVle.parquet", 5, "sum_click is “0”: it cannot be below 1"),
    ]
    assert report.refused_count == 3
    assert differences(sqlite_record).is_empty()
    kept = ["a:10:13", "a:7:12", "a:7:13", "v:7:101:-5", "v:7:101:3", "v:7:103:0", "v:7:201:6"]
    assert sorted(rows(sqlite_record, select(ProgressEvent.event_id))) == [(event_id,) for event_id in kept]


def test_what_refers_to_a_refused_row_is_refused_too(sqlite_record: Record, tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["courses"][1]["module_presentation_length"] = -240
    report = imported(sqlite_record, tmp_path, tables)
    assert refusals(report) == [
        ("courses.parquet", 2, "module_presentation_length is “-240”: it cannot be below 1"),
        ("vle.parquet", 4, "presentation BBB-2014B is unknown"),
        ("assessments.parquet", 4, "presentation BBB-2014B is unknown"),
        ("studentInfo.parquet", 6, "presentation BBB-2014B is unknown"),
        ("studentRegistration.parquet", 6, "presentation BBB-2014B is unknown"),
        ("studentVle.parquet", 6, "presentation BBB-2014B is unknown"),
    ]
    assert rows(sqlite_record, select(Course.external_id)) == [("AAA-2013J",)]


def test_row_that_reads_as_nothing_in_particular_is_refused(sqlite_record: Record, tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["studentVle"][5] |= {"sum_click": "many"}
    tables["studentVle"][4] |= {"date": "4.5"}
    tables["studentAssessment"][0] |= {"score": "good"}
    report = import_oulad(sqlite_record, write_csv(tmp_path / "oulad", tables))
    assert refusals(report) == [
        ("studentAssessment.csv", 1, "score is “good”: not a number"),
        ("studentVle.csv", 5, "date is “4.5”: not a whole number"),
        ("studentVle.csv", 6, "sum_click is “many”: not a whole number"),
    ]


def test_second_entry_for_a_student_does_not_change_the_first(sqlite_record: Record, tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["studentInfo"].append(tables["studentInfo"][0] | {"final_result": "Withdrawn"})
    report = imported(sqlite_record, tmp_path, tables)
    assert refusals(report) == [("studentInfo.parquet", 7, "student 7 is listed before in AAA-2013J")]
    statuses = select(Enrolment.status).where(Enrolment.completed_by == "source")
    assert rows(sqlite_record, statuses) == [("completed",), ("completed",)]


def test_event_of_a_day_still_to_come_is_refused(sqlite_record: Record, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    year = today.year - 1
    days = (today - date(year, 2, 1)).days
    tables = hand_made_tables()
    for rows_of_table in tables.values():
        for row in rows_of_table:
            if row.get("code_module") == "BBB":
                row["code_presentation"] = f"{year}B"
    tables["studentVle"][5]["date"] = days
    tables["studentVle"].append(tables["studentVle"][5] | {"date": days + 2})
    report = imported(sqlite_record, tmp_path, tables)
    assert refusals(report) == [("studentVle.parquet", 7, f"date is day {days + 2}, in the future")]


@pytest.mark.parametrize("table", list(hand_made_tables()))
def test_missing_table_is_named_and_nothing_is_written(sqlite_record: Record, tmp_path: Path, table: str) -> None:
    folder = write_parquet(tmp_path / "oulad", hand_made_tables())
    (folder / f"{table}.parquet").unlink()
    with pytest.raises(MissingTable, match=f"neither {table}.parquet nor {table}.csv"):
        import_oulad(sqlite_record, folder)
    assert rows(sqlite_record, select(func.count()).select_from(Course)) == [(0,)]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("courses", "module_presentation_length"),
        ("vle", "activity_type"),
        ("assessments", "date"),
        ("studentInfo", "final_result"),
        ("studentRegistration", "date_unregistration"),
        ("studentAssessment", "is_banked"),
        ("studentVle", "sum_click"),
    ],
)
@pytest.mark.parametrize("write", [write_parquet, write_csv])
def test_missing_column_is_named_with_its_file_and_nothing_is_written(
    sqlite_record: Record, tmp_path: Path, write: Callable[[Path, Tables], Path], table: str, column: str
) -> None:
    folder = write(tmp_path / "oulad", hand_made_tables())
    [file] = folder.glob(f"{table}.*")
    whole = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file)
    lacking = whole.drop(column)
    lacking.write_parquet(file) if file.suffix == ".parquet" else lacking.write_csv(file)
    with pytest.raises(MissingColumn) as raised:
        import_oulad(sqlite_record, folder)
    assert str(raised.value) == f"{file.name} has no column “{column}”."
    assert rows(sqlite_record, select(func.count()).select_from(Course)) == [(0,)]


def test_file_that_is_not_what_its_name_says_is_named_and_nothing_is_written(
    sqlite_record: Record, tmp_path: Path
) -> None:
    folder = write_parquet(tmp_path / "oulad", hand_made_tables())
    (folder / "studentVle.parquet").write_text("not a table")
    with pytest.raises(UnreadableTable, match=r"^studentVle.parquet cannot be read: "):
        import_oulad(sqlite_record, folder)
    assert rows(sqlite_record, select(func.count()).select_from(Course)) == [(0,)]


def test_csv_line_with_too_many_values_makes_the_file_unreadable(sqlite_record: Record, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "oulad", hand_made_tables())
    with (folder / "studentAssessment.csv").open("a") as file:
        file.write('"13","8","20","0","50","51"\n')
    with pytest.raises(UnreadableTable, match=r"^studentAssessment.csv cannot be read: "):
        import_oulad(sqlite_record, folder)
    assert rows(sqlite_record, select(func.count()).select_from(Course)) == [(0,)]


def test_columns_that_are_not_needed_may_be_absent(sqlite_record: Record, tmp_path: Path) -> None:
    tables = hand_made_tables()
    tables["vle"] = [{key: value for key, value in row.items() if not key.startswith("week")} for row in tables["vle"]]
    assert imported(sqlite_record, tmp_path, tables).refused_count == 0


def test_presentation_without_sites_or_events_gives_its_learners_their_rows(
    sqlite_record: Record, tmp_path: Path
) -> None:
    tables = hand_made_tables()
    for table in ("vle", "studentVle", "assessments", "studentAssessment"):
        tables[table] = tables[table][:1]
    tables["studentVle"][0] |= {"id_site": 103}
    report = imported(sqlite_record, tmp_path, tables)
    assert [refusal.file for refusal in report.refusals] == ["studentAssessment.parquet"]
    assert len(course_rows(sqlite_record)) == 6
    assert rows(sqlite_record, select(func.count()).select_from(ModuleProgress)) == [(1,)]
    assert differences(sqlite_record).is_empty()
