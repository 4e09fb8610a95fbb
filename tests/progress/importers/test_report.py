"""What an import's report says, and that it stays small however much was refused."""

import polars as pl

from data.source_rows import Tally
from progress.importers.shared.report import LINES_SCHEMA, MOST_LINES_KEPT, ImportReport


def test_report_tells_rows_of_each_file_changes_of_each_table_and_every_refusal() -> None:
    report = ImportReport()
    report.count_read("courses.csv", 15)
    report.count_read("clicks.csv", 1_200_000)
    report.refuse("clicks.csv", [(7, "site 3 is unknown"), (1_000_000, "date is missing")], total=2)
    report.tally_all({"courses": Tally(created=1_500), "events": Tally(2, 3, 4)})
    report.tally_all({"courses": Tally(updated=1)})
    assert str(report).splitlines() == [
        "courses.csv: 15 rows read, 0 refused",
        "clicks.csv: 1,200,000 rows read, 2 refused",
        "courses: 1,500 created, 1 updated, 0 unchanged",
        "events: 2 created, 3 updated, 4 unchanged",
        "clicks.csv, row 7: site 3 is unknown",
        "clicks.csv, row 1000000: date is missing",
    ]
    assert report.refused_count == 2
    assert report.changed_count == 1_506


def test_report_keeps_the_first_thousand_refusals_and_counts_all() -> None:
    report = ImportReport()
    report.refuse("a.csv", [(row, "wrong") for row in range(1, 801)], total=800)
    report.refuse("b.csv", [(row, "wrong") for row in range(1, 801)], total=5_000)
    assert report.refused_count == 5_800
    assert [(refusal.file, refusal.number) for refusal in report.refusals[798:802]] == [
        ("a.csv", 799),
        ("a.csv", 800),
        ("b.csv", 1),
        ("b.csv", 2),
    ]
    assert len(report.refusals) == 1_000
    assert str(report).splitlines()[-1] == "… and 4,800 more refused rows"


def test_report_counts_the_lines_of_each_file_and_lists_the_refused() -> None:
    report = ImportReport()
    report.add_lines(
        pl.DataFrame(
            [
                ("users.csv", 2, "created", "u1", None),
                ("users.csv", 4, "refused", "u2", "givenName is missing"),
                ("orgs.csv", 2, "unchanged", "o1", None),
            ],
            schema=LINES_SCHEMA,
            orient="row",
        )
    )
    assert str(report).splitlines() == [
        "users.csv: 2 rows read, 1 refused",
        "orgs.csv: 1 rows read, 0 refused",
        "users.csv, line 4: givenName is missing",
    ]
    assert report.lines["outcome"].to_list() == ["created", "refused", "unchanged"]


def test_of_too_many_lines_the_refused_ones_are_kept() -> None:
    report = ImportReport()
    count = MOST_LINES_KEPT + 10
    lines = pl.DataFrame({"line": range(2, count + 2)}).select(
        file=pl.lit("users.csv"),
        line="line",
        outcome=pl.when(pl.col("line") == count).then(pl.lit("refused")).otherwise(pl.lit("created")),
        subject=pl.lit("u"),
        reason=pl.lit(None, pl.String),
    )
    report.add_lines(lines)
    assert report.rows_read["users.csv"] == count
    assert report.lines.height == MOST_LINES_KEPT
    assert report.lines["line"].to_list() == [*range(2, MOST_LINES_KEPT + 1), count]
