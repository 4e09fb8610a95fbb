"""Whatever bytes a package holds: it is imported, refused row by row, or told why it cannot be read; never a crash."""

from collections.abc import Callable

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from data.models import User
from data.record import Record
from progress.importers.oneroster.importing import import_oneroster
from progress.importers.shared.report import CannotImport
from tests.examples import up_to
from tests.progress.importers.oneroster.packages import NOW, csv_bytes, packed, small_school
from tests.progress.importers.stored import rows

FILES = tuple(small_school())
BITS = (
    b"",
    b",",
    b'"',
    b'""',
    b"\n",
    b"\r\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    "é€😀".encode(),
    b"ada",
    b"7a",
)
WORDS = (
    b"active",
    b"tobedeleted",
    b"true",
    b"2025-08-15",
    b"0000-00-00",
    b"9999-12-31",
    b"x" * 300,
    b"district,district",
)
CELLS = (
    st.sampled_from([*BITS, *WORDS])
    | st.binary(max_size=6)
    | st.text(max_size=6).map(lambda text: text.encode("utf-8", "ignore"))
)

Dirtied = Callable[[bytes], bytes]


def spliced(place: float, cut: int, bits: bytes) -> Dirtied:
    """Puts bits in the place of some bytes."""

    def dirty(data: bytes) -> bytes:
        start = int(place * len(data))
        return data[:start] + bits + data[start + cut :]

    return dirty


SPLICES = st.builds(spliced, st.floats(0, 1), st.integers(0, 12), CELLS)


def replaced(line: int, cell: int, bits: bytes) -> Dirtied:
    """Puts bits in the place of one value."""

    def dirty(data: bytes) -> bytes:
        lines = data.split(b"\r\n")
        cells = lines[line % (len(lines) - 1)].split(b",")
        cells[cell % len(cells)] = bits
        lines[line % (len(lines) - 1)] = b",".join(cells)
        return b"\r\n".join(lines)

    return dirty


REPLACEMENTS = st.builds(replaced, st.integers(0, 9), st.integers(0, 20), CELLS)


@settings(max_examples=up_to(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FILES), dirt=st.lists(SPLICES | REPLACEMENTS, min_size=1, max_size=3))
def test_no_bytes_in_a_file_crash_the_import(sqlite_record: Record, name: str, dirt: list[Dirtied]) -> None:
    data = csv_bytes(small_school()[name])
    for dirty in dirt:
        data = dirty(data) if b"\r\n" in data else data
    assert_told(sqlite_record, packed(small_school(), replaced={f"{name}.csv": data}))


@settings(max_examples=up_to(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dirt=st.lists(SPLICES, min_size=1, max_size=4))
def test_no_bytes_in_the_zip_crash_the_import(sqlite_record: Record, dirt: list[Dirtied]) -> None:
    data = packed(small_school())
    for dirty in dirt:
        data = dirty(data)
    assert_told(sqlite_record, data)


def assert_told(record: Record, data: bytes) -> None:
    """Every line has its outcome and every refusal its reason, or the package is refused in words; nothing is kept."""
    words = told(record, data)
    assert words
    assert all(words)
    assert rows(record, select(func.count()).select_from(User)) == [(0,)]


def told(record: Record, data: bytes) -> list[str]:
    """Why the package cannot be read, or the reason of each refused line with the outcomes of all."""
    try:
        report = import_oneroster(record, data, now=NOW, preview=True, skip_refused=True)
    except CannotImport as error:
        return [str(error)]
    assert sum(report.rows_read.values()) == report.lines["line"].count()
    return report.lines["outcome"].to_list() + report.lines.filter(pl.col("outcome") == "refused")["reason"].to_list()
