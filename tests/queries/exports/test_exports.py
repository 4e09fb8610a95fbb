"""What people take out: exactly their rows, with the numbers of the pages, in each format."""

import csv
import json
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO

import polars as pl
import pyarrow.parquet as pq
import pytest
from fastexcel import read_excel
from sqlalchemy import update

from data.models import Enrolment
from data.record import current_record
from data.viewer import Viewer
from queries.asking.one_state import asking_one_state
from queries.asking.viewer_rule import MissingAccessCheck
from queries.class_progress import class_progress
from queries.course_progress import course_progress, course_summary
from queries.exports import formats as export_formats
from queries.exports import whole_views as exports
from queries.exports import workbook as export_workbook
from queries.exports.formats import as_csv, as_json, as_parquet
from queries.exports.whole_views import EXPORTS, FilterNotTaken, UnknownExport, exported
from queries.exports.workbook import TooManyRowsForExcel, as_xlsx
from queries.module_progress import module_progress
from queries.unit_progress import unit_progress
from tests.queries.asking.test_access import ROLES, SEEN, viewer_of
from tests.queries.cast import EVERYONE, Cast
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, World

ON_THE_PAGES: dict[str, Callable[..., pl.DataFrame]] = {
    "course_progress": course_progress,
    "unit_progress": unit_progress,
    "module_progress": module_progress,
    "course_summary": course_summary,
    "class_progress": class_progress,
}
NAMES = ['=HYPERLINK("http://x.example")', "+44", "-Ann", "@Bo", "Zoë Ünal"]


def whole(viewer: Viewer, what: str, **filters: int) -> pl.DataFrame:
    return pl.concat(exported(viewer, what, filters))


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    ids = [name for name in frame.columns if name.endswith("_id") and "external" not in name]
    return frame.sort(ids)


@pytest.mark.parametrize("role", ROLES)
def test_everyone_gets_the_rows_and_numbers_of_the_pages(
    cast: Cast, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "LEARNERS_AT_ONCE", 2)
    viewer = viewer_of(cast, role)
    for what, on_the_page in ON_THE_PAGES.items():
        assert in_order(whole(viewer, what)).equals(in_order(on_the_page(viewer))), what
    events = whole(viewer, "events")
    seen = {cast.learners[name] for name in SEEN[role]}
    expected = {touch for touch in cast.world.touches if touch[0] in seen}
    assert set(events.select("learner_id", "module_id").rows()) == expected
    assert events.height == len(expected)


@pytest.mark.parametrize("role", ["teacher", "administrator", "nobody"])
def test_filters_narrow_as_on_the_pages(cast: Cast, role: str) -> None:
    viewer, bo = viewer_of(cast, role), cast.learners["Bo"]
    for what in ("course_progress", "unit_progress", "module_progress"):
        for filters in ({"learner_id": bo}, {"course_id": cast.art}, {"class_id": cast.art_class}, _both(cast, bo)):
            expected = ON_THE_PAGES[what](viewer, **filters)
            assert in_order(whole(viewer, what, **filters)).equals(in_order(expected)), (what, filters)
    events = whole(viewer, "events", class_id=cast.art_class)
    assert set(events["learner_id"]) == {cast.learners[name] for name in {"Bo", "Elif"} & SEEN[role]}
    assert whole(viewer, "course_summary", course_id=cast.art).equals(course_summary(viewer, course_id=cast.art))


def _both(cast: Cast, learner_id: int) -> dict[str, int]:
    return {"learner_id": learner_id, "course_id": cast.maths}


def test_rows_come_by_course_and_name(cast: Cast) -> None:
    rows = whole(EVERYONE, "course_progress").select("course_title", "learner_name").rows()
    assert rows == sorted(rows)


def test_questions_of_one_state_need_the_marker_too_and_stay_with_that_state(cast: Cast) -> None:
    visible = "select learner_id from learner where {visible}"
    with asking_one_state(cast.student) as asked:
        with pytest.raises(MissingAccessCheck):
            asked("select learner_id from learner")
        assert asked(visible).read_all().num_rows == 1
        with current_record().writing() as tx:
            tx.execute(update(Enrolment).values(status="dropped", dropped_at=NOW, changed_in=tx.number))
        assert set(course_progress(cast.student)["enrolment_status"]) == {"dropped"}
        answer = asked("select enrolment_status from enrolment where {visible}")
        assert answer.read_all().to_pydict() == {"enrolment_status": ["active"]}


def test_what_there_is_not_and_filters_that_mean_nothing_are_refused() -> None:
    with pytest.raises(UnknownExport):
        exported(EVERYONE, "people", {})
    with pytest.raises(FilterNotTaken):
        exported(EVERYONE, "course_summary", {"learner_id": 1})


@pytest.mark.parametrize("what", EXPORTS)
def test_who_sees_nobody_gets_the_headings_alone(cast: Cast, what: str) -> None:
    headings = whole(EVERYONE, what).columns
    text = b"".join(as_csv(exported(cast.nobody, what, {}))).decode("utf-8-sig")
    assert text.splitlines() == [",".join(headings)]
    assert json.loads(b"".join(as_json(exported(cast.nobody, what, {})))) == []
    parquet = pq.read_table(BytesIO(b"".join(as_parquet(exported(cast.nobody, what, {})))))
    assert (parquet.column_names, parquet.num_rows) == (headings, 0)
    sheet = read_excel(b"".join(as_xlsx(lambda: exported(cast.nobody, what, {})))).load_sheet(0)
    assert ([column.name for column in sheet.available_columns()], sheet.total_height) == (headings, 0)


@pytest.fixture
def odd_names(recorded: MakeCurrent) -> World:
    """A course whose learners have the names above; one of them watched a part of a lecture at a broken second."""
    world = World()
    course, modules = world.course_of_units(1)
    for name in NAMES:
        learner = world.person(name, "student")
        world.enrol(learner, course, NOW)
        world.touch(learner, modules[0], NOW.replace(microsecond=120_000), percentage=100 / 3, score=0.5)
    return recorded(world)


def test_csv_is_read_as_it_was_written_and_runs_nothing(odd_names: World) -> None:
    text = b"".join(as_csv(exported(EVERYONE, "module_progress", {})))
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(text.decode("utf-8-sig"))))
    assert [row["learner_name"] for row in rows] == [
        "'+44",
        "'-Ann",
        '\'=HYPERLINK("http://x.example")',
        "'@Bo",
        "Zoë Ünal",
    ]
    first = rows[0]
    assert (first["completion_percentage"], first["shown_percentage"]) == ("33.333333333333336", "33")
    assert first["started_at"] == f"{NOW:%Y-%m-%dT%H:%M:%S}.120Z"
    assert (first["completed_at"], first["score"], first["counts"]) == ("", "0.5", "true")
    plain = b"".join(as_csv(exported(EVERYONE, "module_progress", {}), byte_order_mark=False))
    assert plain == text.removeprefix(b"\xef\xbb\xbf")


def test_json_is_an_array_of_objects(odd_names: World) -> None:
    rows = json.loads(b"".join(as_json(exported(EVERYONE, "module_progress", {}))))
    assert [row["learner_name"] for row in rows] == sorted(NAMES)
    assert rows[0]["started_at"] == f"{NOW:%Y-%m-%dT%H:%M:%S}.120Z"
    assert (rows[0]["completed_at"], rows[0]["score"], rows[0]["counts"]) == (None, 0.5, True)


def test_parquet_holds_the_frame_with_times_in_utc(odd_names: World) -> None:
    table = pq.read_table(BytesIO(b"".join(as_parquet(exported(EVERYONE, "module_progress", {})))))
    expected = module_progress(EVERYONE)
    assert table.schema.field("started_at").type.tz == "UTC"
    read = pl.DataFrame(table).with_columns(pl.col(pl.Datetime("us", "UTC")).dt.replace_time_zone(None))
    assert in_order(read).equals(in_order(expected))


def test_excel_gets_numbers_times_and_text_that_is_no_formula(odd_names: World) -> None:
    file = b"".join(as_xlsx(lambda: exported(EVERYONE, "module_progress", {})))
    sheet = read_excel(file).load_sheet(0).to_polars()
    assert sheet["learner_name"].to_list() == sorted(NAMES)
    assert sheet["score"].to_list() == [0.5] * len(NAMES)
    assert sheet["shown_percentage"].to_list() == [33] * len(NAMES)
    assert sheet.schema["started_at"].is_temporal()
    assert sheet["counts"].to_list() == [True] * len(NAMES)


def test_lists_are_text_where_the_format_has_none() -> None:
    frame = pl.DataFrame({"watched_intervals": [[[0.0, 2.5], [4.0, 5.0]], None]})
    assert b"".join(as_csv(iter([frame]))).endswith(b'"[[0.0, 2.5], [4.0, 5.0]]"\n\n')
    assert json.loads(b"".join(as_json(iter([frame])))) == frame.to_dicts()
    sheet = read_excel(b"".join(as_xlsx(lambda: iter([frame])))).load_sheet(0).to_polars()
    assert sheet["watched_intervals"][0] == "[[0.0, 2.5], [4.0, 5.0]]"


@pytest.mark.parametrize("write", [as_csv, as_json, as_parquet])
def test_pieces_are_handed_on_while_rows_still_come(
    write: Callable[[Iterator[pl.DataFrame]], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_formats, "ROWS_OF_A_PIECE", 100)
    taken: list[int] = []

    def frames() -> Iterator[pl.DataFrame]:
        for number in range(50):
            taken.append(number)
            yield pl.DataFrame({"number": range(number * 40, number * 40 + 40), "name": ["x"] * 40})

    pieces = write(frames())
    first = next(pieces)
    assert (len(first) > 0, len(taken)) == (True, 3)
    rest = list(pieces)
    assert max(map(len, rest)) < 20_000
    assert b"1999" in b"".join(rest) or write is as_parquet


def test_more_rows_than_excel_should_get_are_refused_before_the_first_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_workbook, "MOST_ROWS", 9)
    with pytest.raises(TooManyRowsForExcel):
        next(as_xlsx(lambda: iter([pl.DataFrame({"a": range(5)})] * 2)))
