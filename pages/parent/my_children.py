"""How are my children getting on?"""

import polars as pl
import streamlit as st

from pages.widgets.layout.cards import card_grid, show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_course_cards, show_newest_milestones
from pages.widgets.running.viewer import as_parent, current_viewer
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import day_text
from queries.course_progress import course_progress
from queries.people import learners

viewer = as_parent(current_viewer())
show_heading(viewer, "My children", "How each of your children is getting on.")

children = learners(viewer)
if children.is_empty():
    show_nothing_yet("No children yet", "Ask the school to link your account to your child.")
    st.stop()

courses_of_all = course_progress(viewer)
for child in children.iter_rows(named=True):
    courses = courses_of_all.filter(learner_id=child["learner_id"])
    st.header(plain(child["learner_name"]), anchor=False)
    if courses.is_empty():
        show_nothing_yet("No courses yet", "Courses appear here once the school has enrolled your child in one.")
        continue
    last_activity = courses.select(pl.col("last_activity_at").max()).item()
    st.caption(f"Last activity: {day_text(last_activity, viewer.time_zone)}" if last_activity else "No activity yet")
    with card_grid():
        show_course_cards(viewer, courses, course_page="parent/child_progress.py")
        show_newest_milestones(viewer, child["learner_id"], timeline_page="parent/child_timeline.py")
