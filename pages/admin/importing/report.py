"""What an import would change or did change: sums, each kind of row, refused lines, and every line to download."""

import polars as pl
import streamlit as st

from pages.admin.importing.state import Result
from pages.widgets.layout.tables import number_column, show_table, text_column
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import plural
from progress.importers.shared.report import MOST_REFUSALS_KEPT, ImportReport
from queries.exports.formats import as_csv

_WORDS = {"created": "New", "updated": "Changed", "ended": "Ended", "unchanged": "Unchanged"}
_KINDS = {"kind": text_column("What")} | {
    name: number_column(word, format="localized") for name, word in _WORDS.items()
}
_REFUSED = {
    "file": text_column("File"),
    "line": number_column("Line"),
    "reason": text_column("Why it is refused"),
    "subject": text_column("What it is about"),
}


def show_report(result: Result, report: ImportReport) -> None:
    sums = report.tallies.values()
    with st.container(horizontal=True):
        for name, word in _WORDS.items():
            st.metric(word, f"{sum(getattr(tally, name) for tally in sums):,}", width=120)
        st.metric("Refused", f"{report.refused_count:,}", width=120)
    for note in report.notes:
        st.info(plain(note), icon=":material/info:")
    if len(report.tallies) > 1:
        show_table(_by_kind(report), _KINDS, alt="What becomes of each kind of row", key="import_kinds")
    if report.refused_count:
        _show_refused(report)
    st.download_button(
        "Download the report of every line",
        report_csv(report.lines),
        file_name=f"{result.file_name.rpartition('.')[0]} report.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def report_csv(lines: pl.DataFrame) -> bytes:
    """The lines as spreadsheet programs open them, and take none of it for a formula."""
    return b"".join(as_csv(iter([lines])))


def _by_kind(report: ImportReport) -> pl.DataFrame:
    rows = [
        {"kind": kind.capitalize(), **{name: getattr(tally, name) for name in _WORDS}}
        for kind, tally in report.tallies.items()
    ]
    return pl.DataFrame(rows)


def _show_refused(report: ImportReport) -> None:
    st.subheader("Refused lines", anchor=False)
    refused = report.lines.filter(outcome="refused").head(MOST_REFUSALS_KEPT)
    if report.refused_count > refused.height:
        st.caption(f"The first {refused.height:,} of {plural(report.refused_count, 'line')}.")
    show_table(refused, _REFUSED, alt="Refused lines with their reasons", key="import_refused")
