"""What has my child completed, and when?"""

import streamlit as st

from pages.widgets.layout.choosing import choose_child, filter_by_course
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_timeline
from pages.widgets.running.viewer import as_parent, current_viewer

viewer = as_parent(current_viewer())
show_heading(viewer, "Child’s timeline", "What your child has completed, and when.")
with st.container(horizontal=True):
    learner_id = choose_child(viewer)
    course_id = filter_by_course(viewer, learner_id)
show_timeline(viewer, learner_id, course_id)
