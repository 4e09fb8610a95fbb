"""Record what learners of a class have done: for one of them in a form, or for the whole class in a grid."""

import streamlit as st

from pages.teacher.drafts import last_outcomes
from pages.teacher.grid import show_grid
from pages.teacher.modules import choose_module
from pages.teacher.one_learner import show_form
from pages.teacher.outcomes import show_outcomes
from pages.widgets.cards import show_nothing_yet
from pages.widgets.choosing import choose_class
from pages.widgets.page import show_heading
from pages.widgets.viewer import as_teacher, current_viewer
from queries.class_modules import class_modules
from queries.module_progress import module_progress

viewer = as_teacher(current_viewer())
show_heading(viewer, "Record progress")
with st.container(horizontal=True):
    class_id = choose_class(viewer)
    module_id = choose_module(class_modules(viewer, class_id), class_id)
if module_id is None:
    show_nothing_yet("Which module?", "Choose the module in which you want to record progress.")
    st.stop()

learners = module_progress(viewer, class_id=class_id, module_id=module_id)
if learners.is_empty():
    show_nothing_yet("No learners yet", "Learners appear here as soon as they are enrolled in this class’s course.")
    st.stop()

how = st.radio("Record for", ["One learner", "Whole class"], horizontal=True, key="how")
if how == "One learner":
    show_form(viewer, class_id, module_id, learners)
else:
    show_grid(viewer, class_id, module_id, learners)

# Beneath the button, where the eye is after pressing it.
show_outcomes(viewer, class_id, learners, last_outcomes(class_id, module_id))
