"""Record what learners of a class have done: for one of them in a form, or for the whole class in a grid."""

import streamlit as st

from pages.teacher.recording.drafts import last_submission
from pages.teacher.recording.dropped import show_dropped
from pages.teacher.recording.grid import show_grid
from pages.teacher.recording.modules import ONE_LEARNER, choose_module, choose_way
from pages.teacher.recording.one_learner import show_form
from pages.teacher.recording.outcomes import show_outcomes
from pages.teacher.recording.waiting import show_waiting
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.choosing import choose_class
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import as_teacher, current_viewer
from queries.class_modules import class_modules
from queries.course_progress import course_progress
from queries.module_progress import module_progress

signed_in = current_viewer()
viewer = as_teacher(signed_in)
show_heading(viewer, "Record progress")
with st.container(horizontal=True):
    class_id = choose_class(viewer)
    module = choose_module(class_modules(viewer, class_id), class_id)
if module is None:
    show_nothing_yet("Which module?", "Choose the module in which you want to record progress.")
    show_waiting(viewer, None)
    st.stop()

module_id = module["module_id"]
enrolled = course_progress(viewer, class_id=class_id)
active = enrolled.remove(enrolment_status="dropped")
learners = module_progress(viewer, class_id=class_id, module_id=module_id).join(active, on="learner_id", how="semi")
if learners.is_empty():
    show_nothing_yet("No learners yet", "Learners appear here as soon as they are enrolled in this class’s course.")
    show_dropped(signed_in, enrolled)
    st.stop()

way = choose_way()
show_waiting(viewer, None if way == ONE_LEARNER else (class_id, module_id))
if way == ONE_LEARNER:
    show_form(viewer, class_id, module_id, learners)
else:
    show_grid(viewer, module, learners)

# Beneath the button, where the eye is after pressing it.
show_outcomes(viewer, class_id, module, learners, last_submission(class_id, module_id))
show_dropped(signed_in, enrolled)
