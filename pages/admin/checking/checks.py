"""The data check: run on demand, its findings with examples, and the repair, which asks before it writes."""

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.widgets.layout.tables import number_column, show_table, text_column
from pages.widgets.words.percentages import minute_text, plural
from progress.recording.rebuild import check_stored_rows, repair_stored_rows
from queries.data_quality import repaired_mirror
from queries.people import learners
from queries.subject_titles import subject_titles

_KEY = "data_check"
_MOST_EXAMPLES = 100
_TABLES = {
    "module_progress": "Module progress",
    "unit_progress": "Unit progress",
    "course_progress": "Course progress",
    "enrolments": "Enrolment",
}
_COLUMNS = {
    "table": text_column("Table"),
    "learner_name": text_column("Learner"),
    "subject_title": text_column("Module, unit or course"),
    "column": text_column("Column"),
    "stored": text_column("Stored"),
    "recomputed": text_column("Recomputed"),
}
_MIRROR_COLUMNS = {
    "table": text_column("Table"),
    "course_title": text_column("Course"),
    "record_count": number_column("Rows in the record"),
    "mirror_count": number_column("Rows in the copy"),
    "differing_count": number_column("Rows that differed"),
}


@dataclass(frozen=True)
class Check:
    """The findings of one check; `repaired_count` when it was run after a repair."""

    checked_at: datetime
    differences_count: int
    by_table: dict[str, int]
    examples: pl.DataFrame
    mirror: pl.DataFrame
    repaired_count: int | None = None


def last_check() -> Check | None:
    """The last check of this browser session."""
    check: Check | None = st.session_state.get(_KEY)
    return check


def check_now(viewer: Viewer, repaired_count: int | None = None) -> None:
    """Compare every stored row with the same recomputed, and the copy that pages read with the record; that one is
    set right at once. Administrators only: raises NotAllowed."""
    with st.spinner("Working out every percentage again from the events…", show_time=True):
        found = check_stored_rows(viewer)
        mirror = repaired_mirror(viewer)
    st.session_state[_KEY] = Check(
        checked_at=datetime.now(UTC),
        differences_count=found.height,
        by_table=dict(found["table"].value_counts(sort=True).rows()),
        examples=_with_names(viewer, found.head(_MOST_EXAMPLES)),
        mirror=mirror,
        repaired_count=repaired_count,
    )


def show_check(viewer: Viewer, check: Check) -> None:
    if check.repaired_count is not None:
        st.success(
            f"Repaired {plural(check.repaired_count, 'stored row')}, then checked again.", icon=":material/build:"
        )
    when = minute_text(check.checked_at, viewer.time_zone)
    if check.differences_count == 0:
        st.success(f"Every stored number is right. Checked on {when}.", icon=":material/check_circle:")
        return
    st.error(f"{plural(check.differences_count, 'difference')} found on {when}.", icon=":material/error:")
    counts = [f"{_TABLES[table]}: {count:,}" for table, count in check.by_table.items()]
    shown = min(check.differences_count, _MOST_EXAMPLES)
    st.markdown(f"{' · '.join(counts)}. Shown: {'all' if shown == check.differences_count else f'the first {shown}'}.")
    show_table(check.examples, _COLUMNS, alt="Differences between stored and recomputed numbers", key="differences")
    if st.button("Repair…", icon=":material/build:"):
        _ask_to_repair(viewer, check.differences_count)


def show_mirror_check(check: Check) -> None:
    """Whether the copy that pages read was as the record, and what was set right in it."""
    if check.mirror.is_empty():
        st.success("The copy that pages read holds exactly what the record holds.", icon=":material/check_circle:")
        return
    count = plural(int(check.mirror["differing_count"].sum()), "row")
    st.warning(f"The copy that pages read differed from the record in {count}. It was built anew and is right now.")
    show_table(check.mirror, _MIRROR_COLUMNS, alt="Where the copy that pages read differed", key="mirror_differences")


@st.dialog("Repair the stored numbers?")
def _ask_to_repair(viewer: Viewer, count: int) -> None:
    st.markdown(
        f"{plural(count, 'difference')} will be set to what the events say. No event is changed or lost. "
        "While it runs, nothing can be recorded."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Repair", type="primary")
    if is_confirmed:
        _repair(viewer)
        st.rerun()


def _repair(viewer: Viewer) -> None:
    with st.spinner("Repairing…", show_time=True):
        repaired_count = repair_stored_rows(viewer)
    check_now(viewer, repaired_count)


def _with_names(viewer: Viewer, found: pl.DataFrame) -> pl.DataFrame:
    names = learners(viewer).select("learner_id", "learner_name")
    named = found.join(names, on="learner_id", how="left", maintain_order="left")
    titled = named.join(subject_titles(), on=["table", "subject_id"], how="left", maintain_order="left")
    return titled.with_columns(pl.col("table").replace(_TABLES))
