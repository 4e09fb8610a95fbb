"""Is every stored number right? Stored rows against the same recomputed from the events, and events from the future."""

import streamlit as st

from pages.admin.checks import check_now, last_check, show_check
from pages.widgets.page import show_heading
from pages.widgets.percentages import plural
from pages.widgets.tables import show_table, text_column, time_column
from pages.widgets.viewer import current_viewer
from queries.data_quality import future_events

COLUMNS = {
    "learner_name": text_column("Learner"),
    "course_title": text_column("Course"),
    "module_title": text_column("Module"),
    "event_kind": text_column("Event"),
    "reported_at": time_column("Reported for"),
    "received_at": time_column("Counts from"),
    "event_source": text_column("Source"),
}

viewer = current_viewer()
show_heading(viewer, "Data check")
st.header("Stored against recomputed", anchor=False)
st.markdown(
    "Every percentage is stored when something is recorded. This check works all of them out again from the events "
    "alone and compares. It changes nothing, and takes some seconds on a large record."
)
if st.button("Check now", type="primary", icon=":material/fact_check:"):
    check_now(viewer)
check = last_check()
if check is not None:
    show_check(viewer, check)

st.header("Events dated in the future", anchor=False)
events = future_events(viewer)
if events.is_empty():
    st.success("No event was reported for a time in the future.", icon=":material/check_circle:")
    st.stop()
st.markdown(
    f"{plural(events.height, 'event')} said that something happened later than the moment of arrival, by a wrong clock "
    "as a rule. Each counts from when it arrived."
)
show_table(events, COLUMNS, alt="Events dated in the future", key="future_events", time_zone=viewer.time_zone)
