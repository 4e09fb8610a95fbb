"""A progress spreadsheet goes into the record whole or not at all, and the same one again changes nothing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from data.models import CourseProgress, ModuleProgress, ProgressEvent
from data.record import Record
from progress.importers.shared.report import ImportReport
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.recording import record as recording
from progress.recording.rebuild import differences
from progress.recording.screening import NOT_IN_REACH, NOT_YOURS
from tests.progress.importers.spreadsheet.sheets import GOOD, HEADER, as_csv, as_xlsx, named_school
from tests.progress.school import School, count_of_events

UNKNOWN = ("nobody.here", *GOOD[1:])


@pytest.fixture
def school(record: Record) -> School:
    return named_school(record)


def outcomes(report: ImportReport) -> list[tuple[int, str]]:
    return report.lines.select("line", "outcome").rows()


def percentage(record: Record, learner_id: int, course_id: int) -> float:
    with record.reading() as connection:
        return connection.scalars(
            select(CourseProgress.completion_percentage).where(
                CourseProgress.user_id == learner_id, CourseProgress.course_id == course_id
            )
        ).one()


def test_rows_become_progress_on_the_word_of_the_staff(record: Record, school: School) -> None:
    content = as_csv(
        [
            HEADER,
            ("ada", "Science", "What a cell is", "Completed", "", "2025-01-20", ""),
            ("ADA", "SCI", "inside a  CELL", "completed", "", "2025-01-21", ""),
            ("ada@school.example", "science", "Q1", "", "72.5", "2025-01-22", "Well done"),
            ("L-2", "Science", "Draw a lever", "Submitted", "", "", ""),
        ]
    )
    report = import_spreadsheet(record, content, viewer=school.viewer("administrator"))
    assert outcomes(report) == [(2, "created"), (3, "created"), (4, "created"), (5, "created")]
    assert report.lines["reason"][0] == "The course goes from 0% to 50%."
    assert (report.is_applied, report.changed_count, report.refused_count) == (True, 4, 0)
    assert percentage(record, school.ada, school.course) == 50
    with record.reading() as connection:
        events = connection.execute(select(ProgressEvent.__table__).order_by(ProgressEvent.occurred_at)).all()
    assert {(event.source, event.authority, event.recorded_by) for event in events} == {
        ("spreadsheet", "staff", school.administrator)
    }
    assert events[0].occurred_at == datetime(2025, 1, 20, 12, tzinfo=UTC)
    assert (events[2].kind, events[2].score, events[2].reason) == ("scored", 72.5, "Well done")
    assert differences(record).is_empty()


def test_the_same_file_again_changes_nothing(record: Record, school: School) -> None:
    content = as_csv([HEADER, GOOD, ("L-2", *GOOD[1:5], "", "")])
    import_spreadsheet(record, content, viewer=school.viewer("administrator"))
    again = import_spreadsheet(record, content, viewer=school.viewer("administrator"))
    assert outcomes(again) == [(2, "unchanged"), (3, "unchanged")]
    assert again.changed_count == 0
    assert count_of_events(record) == 2


def test_the_same_line_twice_in_a_file_is_one(record: Record, school: School) -> None:
    report = import_spreadsheet(record, as_csv([HEADER, GOOD, GOOD]), viewer=school.viewer("administrator"))
    assert outcomes(report) == [(2, "created"), (3, "unchanged")]


def test_csv_and_excel_with_the_same_content_are_the_same(record: Record, school: School) -> None:
    rows = [HEADER, GOOD, ("L-2", "Science", "Q1", "", "72.5", "2025-01-22", "Grüße, „gut“\nweiter")]
    typed = [HEADER, (*GOOD[:5], date(2025, 1, 20), ""), (*rows[2][:4], 72.5, date(2025, 1, 22), rows[2][6])]
    viewer = school.viewer("administrator")
    assert import_spreadsheet(record, as_xlsx(typed), viewer=viewer).changed_count == 2
    for delimiter in ",;\t":
        report = import_spreadsheet(record, b"\xef\xbb\xbf" + as_csv(rows, delimiter), viewer=viewer)
        assert outcomes(report) == [(2, "unchanged"), (3, "unchanged")]


def test_preview_says_what_would_change_and_changes_nothing(record: Record, school: School) -> None:
    rows = [HEADER, GOOD, *[("L-2", "Science", name, "Completed", "", "", "") for name in ("Q1", "Draw a lever")]]
    viewer, content = school.viewer("administrator"), as_csv(rows)
    preview = import_spreadsheet(record, content, viewer=viewer, preview=True)
    assert (count_of_events(record), preview.is_applied) == (0, False)
    applied = import_spreadsheet(record, content, viewer=viewer)
    assert applied.lines.equals(preview.lines)
    assert applied.tallies == preview.tallies
    assert count_of_events(record) == 3


def test_preview_of_many_lines_takes_the_set_based_way_back_too(
    record: Record, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "COLUMNS_FROM", dict.fromkeys(recording.COLUMNS_FROM, 32))
    rows = [HEADER, *[(*GOOD[:5], f"2025-01-{day:02}", "") for day in range(7, 32)] * 2]
    rows += [("L-2", *row[1:]) for row in rows[1:]]
    preview = import_spreadsheet(record, as_csv(rows), viewer=school.viewer("administrator"), preview=True)
    assert (preview.changed_count, count_of_events(record)) == (50, 0)
    assert import_spreadsheet(record, as_csv(rows), viewer=school.viewer("administrator")).changed_count == 50
    assert differences(record).is_empty()


@pytest.mark.parametrize("preview", [True, False])
def test_one_refused_line_leaves_everything_as_it_was(record: Record, school: School, preview: bool) -> None:
    content = as_csv([HEADER, GOOD, UNKNOWN])
    report = import_spreadsheet(record, content, viewer=school.viewer("administrator"), preview=preview)
    assert outcomes(report) == [(2, "created"), (3, "refused")]
    assert not report.is_applied
    assert str(report.refusals[0]).startswith("The file, line 3: There is no such learner")
    assert count_of_events(record) == 0


def test_refused_lines_can_be_left_out(record: Record, school: School) -> None:
    viewer = school.viewer("administrator")
    report = import_spreadsheet(record, as_csv([HEADER, UNKNOWN, GOOD]), viewer=viewer, skip_refused=True)
    assert (report.is_applied, outcomes(report)) == (True, [(2, "refused"), (3, "created")])
    assert count_of_events(record) == 1


def test_not_started_with_a_reason_sets_a_module_back(record: Record, school: School) -> None:
    viewer = school.viewer("administrator")
    import_spreadsheet(record, as_csv([HEADER, GOOD]), viewer=viewer)
    back = (*GOOD[:3], "Not started", "", "2025-01-20")
    without = import_spreadsheet(record, as_csv([HEADER, (*back, "")]), viewer=viewer)
    assert without.lines["reason"].to_list() == ["Setting a module back to not started needs a reason."]
    import_spreadsheet(record, as_csv([HEADER, (*back, "Wrong learner")]), viewer=viewer)
    with record.reading() as connection:
        assert connection.scalars(select(ModuleProgress.status)).all() == ["not_started"]


def test_teachers_record_for_their_own_and_the_others_are_like_strangers(record: Record, school: School) -> None:
    others = ("L-2", "Science", "What a cell is", "Completed", "", "2025-01-20", "")
    content = as_csv([HEADER, ("ada", *others[1:]), others, ("stranger", *others[1:])])
    report = import_spreadsheet(record, content, viewer=school.viewer("other_teacher"))
    assert outcomes(report) == [(2, "refused"), (3, "refused"), (4, "refused")]
    assert report.lines["reason"].to_list() == [NOT_YOURS, NOT_IN_REACH, NOT_YOURS]  # they teach Ben elsewhere
    own = import_spreadsheet(record, as_csv([HEADER, ("ada", *others[1:])]), viewer=school.viewer("teacher"))
    assert own.changed_count == 1


@pytest.mark.parametrize("name", ["nobody", "parent"])
def test_whoever_must_see_nobody_records_nothing(record: Record, school: School, name: str) -> None:
    rows = [HEADER, GOOD, ("stranger", *GOOD[1:])]
    report = import_spreadsheet(record, as_csv(rows), viewer=school.viewer(name), skip_refused=True)
    assert report.lines["reason"].n_unique() == 1
    assert (report.refused_count, count_of_events(record)) == (2, 0)


def test_path_names_the_file_and_progress_is_told(
    record: Record, school: School, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("sheets") / "marks.csv"
    path.write_bytes(as_csv([HEADER, UNKNOWN]))
    told: list[tuple[int, int]] = []
    report = import_spreadsheet(
        record, path, viewer=school.viewer("administrator"), progress=lambda done, total, _: told.append((done, total))
    )
    assert report.lines["file"].to_list() == ["marks.csv"]
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
