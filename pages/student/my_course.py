"""How far am I in this course, unit by unit and module by module? `?unit=ID` opens one of its units."""

import streamlit as st

from pages.widgets.layout.choosing import choose_course
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_units
from pages.widgets.running.viewer import current_viewer

viewer = current_viewer()
show_heading(viewer, "My course", "Every unit with its modules.")
course_id = choose_course(viewer, learner_id=viewer.user_id)
show_units(viewer, viewer.user_id, course_id, opened=st.query_params.get("unit"), lecture_page="student/lecture.py")
