"""Events that say what cannot be: of the future, or beyond a lecture's end. Each says how it counts."""

import streamlit as st

from data.viewer import Viewer
from pages.widgets.layout.tables import number_column, show_table, text_column, time_column
from pages.widgets.words.percentages import plural
from queries.data_quality import events_beyond_the_end, future_events

_ABOUT = {
    "learner_name": text_column("Learner"),
    "course_title": text_column("Course"),
    "module_title": text_column("Module"),
}
_IN_THE_FUTURE = {
    **_ABOUT,
    "event_kind": text_column("Event"),
    "reported_at": time_column("Reported for"),
    "received_at": time_column("Counts from"),
    "event_source": text_column("Source"),
}
_BEYOND_THE_END = {
    **_ABOUT,
    "events_count": number_column("Events"),
    "told_seconds": number_column("Seconds told", format="localized"),
    "duration_seconds": number_column("Seconds long", format="localized"),
    "received_at": time_column("Last received"),
    "event_source": text_column("Source"),
}


def show_future_events(viewer: Viewer) -> None:
    st.header("Events dated in the future", anchor=False)
    events = future_events(viewer)
    if events.is_empty():
        st.success("No event was reported for a time in the future.", icon=":material/check_circle:")
        return
    st.markdown(
        f"{plural(events.height, 'event')} said that something happened later than the moment of arrival, by a wrong "
        "clock as a rule. Each counts from when it arrived."
    )
    title = "Events dated in the future"
    show_table(events, _IN_THE_FUTURE, alt=title, key="future_events", time_zone=viewer.time_zone)


def show_events_beyond_the_end(viewer: Viewer) -> None:
    st.header("Events beyond a lecture’s end", anchor=False)
    found = events_beyond_the_end(viewer)
    if found.is_empty():
        st.success("No event goes beyond the end of its lecture.", icon=":material/check_circle:")
        return
    st.markdown(
        f"{plural(int(found['events_count'].sum()), 'event')} told of a position or a watched stretch beyond the "
        "lecture’s end, and is cut to it. A stretch that runs beyond twice the length cannot be in seconds and counts "
        "as not watched: the program that sends it may mean milliseconds, or the length given here may be wrong."
    )
    title = "Events beyond the end of a lecture"
    show_table(found, _BEYOND_THE_END, alt=title, key="beyond_the_end", time_zone=viewer.time_zone)
