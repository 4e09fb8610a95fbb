"""How have courses and classes come along, week by week, and how do they compare?"""

import streamlit as st

from charts.cohort_trend import ACTIVE, COMPLETIONS, MEAN, MEDIAN
from pages.admin.comparing.trends import choose_cohorts, show_trend, weeks_of
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer

AVERAGES = {"Mean": MEAN, "Median": MEDIAN}

viewer = current_viewer()
show_heading(
    viewer, "Cohort trend", "As of the end of each week, over those enrolled at the time (n); this week so far."
)
cohort, chosen = choose_cohorts(viewer)
average = AVERAGES[st.radio("Average", list(AVERAGES), horizontal=True, key="average")]
trend = weeks_of(viewer, cohort, chosen, average)
if trend.is_empty():
    show_nothing_yet("Nothing to draw yet", "The first week appears here as soon as someone is enrolled.")
    st.stop()

show_trend(trend, average, cohort)
show_trend(trend, ACTIVE, cohort)
show_trend(trend, COMPLETIONS, cohort)
