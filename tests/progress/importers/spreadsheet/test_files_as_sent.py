"""CSV as people send it: decimal commas, `sep=` lines, encodings, line ends; and two attempts on one day."""

import pytest
from sqlalchemy import select, update

from data.models import Module, ModuleProgress
from data.record import Record
from progress.importers.shared.report import ImportReport
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.importers.spreadsheet.reading import read_sheet
from progress.recording.rebuild import differences
from tests.progress.importers.spreadsheet.sheets import GOOD, HEADER, as_csv, as_xlsx, named_school
from tests.progress.school import School, count_of_events

ADA = ("ada", "Science", "Q1", "")


@pytest.fixture
def school(record: Record) -> School:
    return named_school(record)


def imported(record: Record, school: School, content: bytes, **options: bool) -> ImportReport:
    return import_spreadsheet(record, content, viewer=school.viewer("administrator"), **options)


def score(record: Record, school: School, learner: str = "ada") -> float | None:
    with record.reading() as connection:
        return connection.scalar(
            select(ModuleProgress.score).where(
                ModuleProgress.user_id == getattr(school, learner),
                ModuleProgress.module_id == school.modules["quiz"],
            )
        )


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    ("written", "meant"), [("72,5", 72.5), ("+7,25", 7.25), ("72,", 72), ("72", 72), ("72.5", 72.5)]
)
def test_decimal_commas_are_read_where_commas_part_no_cells(
    record: Record, school: School, delimiter: str, written: str, meant: float
) -> None:
    imported(record, school, as_csv([HEADER, (*ADA, written, "2025-01-20", "")], delimiter))
    assert score(record, school) == meant


def test_a_file_has_one_decimal_sign_throughout(record: Record, school: School) -> None:
    rows = [(*ADA, written, "2025-01-20", "") for written in ("72,5", "80.5", "1.234,5", "1.5")]
    report = imported(record, school, as_csv([HEADER, *rows], ";"))
    assert report.lines.filter(outcome="refused").select("line", "reason").rows() == [
        (3, "“80.5” is not a score. Write 80,5. This file has decimal commas."),
        (4, "The score 1234.5 is not between 0 and 100."),
        (5, "“1.5” is not a score. Write 1,5. This file has decimal commas."),
    ]
    assert count_of_events(record) == 0


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        ("sep=;", ";"),
        ("SEP=;", ";"),
        ('"sep=;"', ";"),
        ("sep=,", ","),
        ("sep=\t", "\t"),
        ("sep=|", "|"),
        ("sep=;;", ";"),
    ],
)
def test_a_line_that_says_what_parts_the_cells_is_no_header(
    record: Record, school: School, first: str, delimiter: str
) -> None:
    content = f"{first}\r\n".encode() + as_csv([HEADER, (*ADA, "70", "", "")], delimiter)
    report = imported(record, school, content)
    assert report.lines.select("line", "outcome").rows() == [(3, "created")]


NOTE = "Très bien, Zoë – „gut“"
AS_1252 = "The file is not UTF-8. It was read as Windows-1252: check that accents and umlauts are right."
AS_UTF_16 = "The file was read as UTF-16, as the mark at its start says."


@pytest.mark.parametrize(
    ("encoding", "mark", "notes"),
    [
        ("utf-8", b"", []),
        ("utf-8", b"\xef\xbb\xbf", []),
        ("utf-16-le", b"\xff\xfe", [AS_UTF_16]),
        ("utf-16-be", b"\xfe\xff", [AS_UTF_16]),
        ("cp1252", b"", [AS_1252]),
    ],
)
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_the_preview_names_the_encoding_that_was_taken(
    record: Record, school: School, encoding: str, mark: bytes, notes: list[str], line_end: str
) -> None:
    text = as_csv([HEADER, (*GOOD[:6], NOTE), ("x",)], "\t").decode().replace("\r\n", line_end)
    content = mark + text.encode(encoding)
    report = imported(record, school, content, preview=True)
    assert report.notes == notes
    assert report.lines.select("line", "outcome").rows() == [(2, "created"), (3, "refused")]
    assert read_sheet("marks.txt", content).rows[1].cells[6] == NOTE


LATEST = [(*ADA, "41", "2025-01-20", ""), (*ADA, "72", "2025-01-20", "")]


def count_latest(record: Record, school: School) -> None:
    with record.engine.begin() as connection:
        connection.execute(update(Module).where(Module.id == school.modules["quiz"]).values(score_rule="latest"))


@pytest.mark.parametrize("day", ["2025-01-20", ""])
@pytest.mark.parametrize("scores", [("41", "72"), ("72", "41"), ("41", "72", "41"), ("3", "2", "1", "0")])
@pytest.mark.parametrize("kind", [as_csv, as_xlsx])
def test_of_two_attempts_on_one_day_the_later_line_counts_also_when_imported_again(
    record: Record, school: School, day: str, scores: tuple[str, ...], kind: type
) -> None:
    count_latest(record, school)
    content = kind([HEADER, *[(*ADA, each, day, "") for each in scores]])
    assert imported(record, school, content).changed_count == len(scores)
    assert score(record, school) == float(scores[-1])
    assert imported(record, school, content).changed_count == 0
    assert (score(record, school), count_of_events(record)) == (float(scores[-1]), len(scores))
    assert differences(record).is_empty()


def test_a_line_that_is_put_right_counts_after_the_one_before_it(record: Record, school: School) -> None:
    count_latest(record, school)
    for each in ("41", "72", "15", "99"):
        imported(record, school, as_csv([HEADER, (*ADA, each, "2025-01-20", "")]))
        assert score(record, school) == float(each)
    imported(record, school, as_csv([HEADER, *[(*ADA, each, "2025-01-20", "") for each in ("41", "72", "30")]]))
    assert score(record, school) == 30


def test_a_line_after_a_reset_of_the_same_day_counts(record: Record, school: School) -> None:
    content = as_csv([HEADER, (*ADA, "41", "", ""), (*ADA[:3], "Not started", "", "", "again"), (*ADA, "72", "", "")])
    imported(record, school, content)
    assert score(record, school) == 72
    assert imported(record, school, content).changed_count == 0
