"""What an import's report says, and that it stays small however much was refused."""

from progress.importers.report import ImportReport, Tally


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
    assert [(refusal.file, refusal.row) for refusal in report.refusals[798:802]] == [
        ("a.csv", 799),
        ("a.csv", 800),
        ("b.csv", 1),
        ("b.csv", 2),
    ]
    assert len(report.refusals) == 1_000
    assert str(report).splitlines()[-1] == "… and 4,800 more refused rows"
