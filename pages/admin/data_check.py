"""Is the record right and safe? Stored rows against the same recomputed, the last backup, events that cannot be."""

import streamlit as st

from pages.admin.checking.backups import show_backups
from pages.admin.checking.checks import check_now, last_check, show_check, show_mirror_check
from pages.admin.checking.event_findings import show_events_beyond_the_end, show_future_events
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer

viewer = current_viewer()
show_heading(viewer, "Data check")
st.header("Stored against recomputed", anchor=False)
st.markdown(
    "Every percentage is stored when something is recorded. This check works all of them out again from the events "
    "alone and compares; it changes none of them. Pages read a copy of the record: that is compared too, and set right "
    "where it differs. It takes some seconds on a large record."
)
if st.button("Check now", type="primary", icon=":material/fact_check:"):
    check_now(viewer)
check = last_check()
if check is not None:
    show_check(viewer, check)
    show_mirror_check(check)

st.header("Backups", anchor=False)
show_backups(viewer)

show_future_events(viewer)
show_events_beyond_the_end(viewer)
