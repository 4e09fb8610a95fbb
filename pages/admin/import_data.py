"""What would this file change in the record? Checked first, with a report of every line; then applied."""

import streamlit as st

from pages.admin.importing.kinds import KINDS, SPREADSHEET
from pages.admin.importing.report import show_report
from pages.admin.importing.run import run_import
from pages.admin.importing.state import import_state, start_again
from pages.admin.importing.template import offer_template
from pages.admin.importing.upload import ask_for_file
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import plural

viewer = current_viewer()
show_heading(viewer, "Import")
state = import_state()
result = state.result
if result is not None and result.is_final and result.report is not None:
    changed = result.report.changed_count
    done = f"{plain(result.file_name)} is imported: {plural(changed, 'row')} changed the record."
    st.success(
        done if changed else f"Everything in {plain(result.file_name)} was in the record already.",
        icon=":material/check_circle:",
    )
    show_report(result, result.report)
    with st.container(horizontal_alignment="right"):  # not where the second click of a double click on “Apply” falls
        st.button("Import another file", icon=":material/upload_file:", on_click=start_again)
    st.stop()

kind = st.radio(
    "What to import", KINDS, state.kind, format_func=lambda each: each.label, horizontal=True, key="import_kind"
)
st.markdown(kind.intro)
if kind == SPREADSHEET:  # a radio gives copies
    offer_template(viewer)
uploaded = ask_for_file(kind, state.turn)
if uploaded is None:
    show_nothing_yet(
        "No file yet", "Choose a file. It is checked first: nothing changes before you have seen what would."
    )
    st.stop()

if st.button("Check the file", type="primary", icon=":material/fact_check:"):
    run_import(viewer, kind, uploaded, preview=True)
if result is None or result.file_id != uploaded.file_id:
    st.stop()
if result.report is None:
    st.error(plain(result.problem), icon=":material/error:")
    st.stop()

report = result.report
st.header("What would change", anchor=False)
show_report(result, report)
if not report.changed_count:
    words = (
        "Put the refused lines right and choose the file again." if report.refused_count else "Nothing would change."
    )
    st.info(words, icon=":material/info:")
    st.stop()
is_skipping = bool(report.refused_count) and st.checkbox("Leave the refused lines out", key=f"import_skip_{state.turn}")
is_ready = is_skipping or not report.refused_count
if st.button("Apply", type="primary", icon=":material/done_all:", disabled=not is_ready):
    run_import(viewer, kind, uploaded, preview=False, skip_refused=is_skipping)
