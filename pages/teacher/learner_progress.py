"""How far has this learner come, in which courses, units and modules, and when?"""

import streamlit as st

from pages.widgets.layout.choosing import choose_course, choose_learner
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_courses, show_timeline, show_units
from pages.widgets.running.viewer import as_teacher, current_viewer

VIEWS = ["Courses", "Units and modules", "Timeline"]

viewer = as_teacher(current_viewer())
show_heading(viewer, "Learner progress")
learner_id = choose_learner(viewer)

# A course's card leads to its units: with a course in the URL they come first.
start = 1 if "course" in st.query_params else 0
match st.radio("Show", VIEWS, start, horizontal=True, key=f"learner_view_{start}"):
    case "Courses":
        show_courses(viewer, learner_id, course_page="teacher/learner_progress.py")
    case "Units and modules":
        show_units(viewer, learner_id, choose_course(viewer, learner_id=learner_id))
    case _:
        show_timeline(viewer, learner_id)
