"""A data set in the shape of the OULAD, small enough to know every answer by heart."""

import csv
from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]
Tables = dict[str, list[Row]]

COLUMNS = {
    "courses": "code_module code_presentation module_presentation_length",
    "vle": "id_site code_module code_presentation activity_type week_from week_to",
    "assessments": "code_module code_presentation id_assessment assessment_type date weight",
    "studentInfo": "code_module code_presentation id_student final_result",
    "studentRegistration": "code_module code_presentation id_student date_registration date_unregistration",
    "studentAssessment": "id_assessment id_student date_submitted is_banked score",
    "studentVle": "code_module code_presentation id_student id_site date sum_click",
}

ROWS: dict[str, list[tuple[Any, ...]]] = {
    "courses": [("AAA", "2013J", 268), ("BBB", "2014B", 240)],
    "vle": [
        (103, "AAA", "2013J", "resource", None, None),
        (101, "AAA", "2013J", "forumng", 1, 2),
        (102, "AAA", "2013J", "forumng", None, None),
        (201, "BBB", "2014B", "quiz", None, None),
    ],
    "assessments": [
        ("AAA", "2013J", 11, "Exam", None, 100.0),
        ("AAA", "2013J", 13, "TMA", 19, 50.0),
        ("AAA", "2013J", 12, "CMA", 54, 50.0),
        ("BBB", "2014B", 21, "TMA", 10, 100.0),
    ],
    "studentInfo": [
        ("AAA", "2013J", 7, "Pass"),
        ("AAA", "2013J", 8, "Withdrawn"),
        ("AAA", "2013J", 9, "Fail"),
        ("AAA", "2013J", 10, "Distinction"),
        ("AAA", "2013J", 11, "Withdrawn"),
        ("BBB", "2014B", 7, "Fail"),
    ],
    "studentRegistration": [
        ("AAA", "2013J", 7, -20, None),
        ("AAA", "2013J", 8, -10, 12),
        ("AAA", "2013J", 9, None, None),
        ("AAA", "2013J", 10, 3, None),
        ("AAA", "2013J", 11, -5, None),
        ("BBB", "2014B", 7, -3, None),
    ],
    "studentAssessment": [
        (13, 7, 18, 0, 78.0),
        (12, 7, -1, 1, 40.0),
        (13, 9, 20, 0, 39.0),
        (13, 10, 19, 0, None),
    ],
    "studentVle": [
        ("AAA", "2013J", 7, 101, -5, 7),
        ("AAA", "2013J", 7, 101, -5, 2),
        ("AAA", "2013J", 7, 101, 3, 1),
        ("AAA", "2013J", 7, 103, 0, 4),
        ("AAA", "2013J", 8, 102, 40, 3),
        ("BBB", "2014B", 7, 201, 6, 5),
    ],
}


def hand_made_tables() -> Tables:
    """The rows of the seven tables as dictionaries; a copy that a test may change."""
    named = {table: [dict(zip(COLUMNS[table].split(), row, strict=True)) for row in ROWS[table]] for table in ROWS}
    return deepcopy(named)


def write_parquet(folder: Path, tables: Tables) -> Path:
    folder.mkdir(exist_ok=True)
    for table, rows in tables.items():
        pl.DataFrame(rows, infer_schema_length=None, strict=False).write_parquet(folder / f"{table}.parquet")
    return folder


def write_csv(folder: Path, tables: Tables) -> Path:
    """As the original does: everything in quotes, “?” or nothing for what is not there."""
    folder.mkdir(exist_ok=True)
    for table, rows in tables.items():
        blank = "" if table == "studentRegistration" else "?"
        with (folder / f"{table}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows({key: blank if value is None else value for key, value in row.items()} for row in rows)
    return folder
