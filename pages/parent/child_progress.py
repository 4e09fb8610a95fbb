"""How far is my child in this course, unit by unit and module by module?"""

import streamlit as st

from pages.widgets.layout.choosing import choose_child, choose_course
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_units
from pages.widgets.running.viewer import as_parent, current_viewer

viewer = as_parent(current_viewer())
show_heading(viewer, "Child’s progress", "Every unit with its modules.")
with st.container(horizontal=True):
    learner_id = choose_child(viewer)
    course_id = choose_course(viewer, learner_id=learner_id)
show_units(viewer, learner_id, course_id)
