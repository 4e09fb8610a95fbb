"""CSV as strangers write it: rows with their lines, and what cannot be read named with file and line."""

import pytest

from progress.importers.shared.csv_text import CsvText, EmptyCsv, NotUtf8, RepeatedColumn, UnreadableCsv
from progress.importers.shared.report import CannotImport


def test_row_stands_on_the_line_on_which_it_begins() -> None:
    data = b'id,name\r\n1,Ann\r\n\r\n2,"B\r\nen"\r\n3,"Cy ""C"", Jr"\r\n'
    rows, ragged = CsvText("a.csv", data).read(["id", "name"])
    assert rows.rows() == [(2, "1", "Ann"), (4, "2", "B\r\nen"), (6, "3", 'Cy "C", Jr')]
    assert ragged.is_empty()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_will_do_and_the_last_may_lack_it(end: bytes) -> None:
    rows, _ = CsvText("a.csv", end.join([b"id,name", b"1,Ann", b"2,Ben"])).read(["name"])
    assert rows.rows() == [(2, "Ann"), (3, "Ben")]


def test_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert CsvText("a.csv", "\ufeffid,name\n".encode()).header == ["id", "name"]


def test_empty_values_and_columns_that_are_not_there_are_null() -> None:
    rows, _ = CsvText("a.csv", b"id,name\n1,\n2,  \n").read(["id", "name", "more"])
    assert rows.rows() == [(2, "1", None, None), (3, "2", None, None)]


def test_rows_that_are_too_short_or_too_long_are_told_by_line() -> None:
    rows, ragged = CsvText("a.csv", b"id,name\n1\n2,Ben\n3,Cy,x\n").read(["id", "name"])
    assert rows.rows() == [(3, "2", "Ben")]
    assert ragged.rows() == [
        (2, "the row has 1 values, the header names 2 columns"),
        (4, "the row has 3 values, the header names 2 columns"),
    ]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", EmptyCsv, "a.csv is empty; its first line must name its columns."),
        (b"id,name,id\n", RepeatedColumn, "a.csv, line 1: the column “id” is there more than once."),
        (b"id\n1\nJos\xe9\n", NotUtf8, "a.csv, line 3: the byte 0xE9 is not UTF-8."),
        ("id\nñ\n".encode("utf-16"), NotUtf8, "a.csv, line 1: the byte 0xFF is not UTF-8."),
        (b'id\n1\n"2\n3\n', UnreadableCsv, "a.csv, line 3: a quotation mark is opened here and never closed."),
        (b'id\n"1"2\n', UnreadableCsv, "a.csv, line 2: a quotation mark stands where none may"),
        (b"id\n" + b"x" * 200_000, UnreadableCsv, "a.csv, line 2: a value is far too long"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_line(data: bytes, error: type[CannotImport], words: str) -> None:
    with pytest.raises(error) as caught:
        CsvText("a.csv", data).read(["id"])
    assert str(caught.value).startswith(words)
