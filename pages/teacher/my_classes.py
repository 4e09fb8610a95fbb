"""My classes: who needs me today, and how far has each class come?"""

import streamlit as st

from pages.teacher.classes.cards import show_class_cards
from pages.teacher.classes.needs_a_look import show_needs_a_look
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import as_teacher, current_viewer
from queries.class_progress import class_progress
from queries.needs_a_look import needs_a_look

viewer = as_teacher(current_viewer())
show_heading(viewer, "My classes")
classes = class_progress(viewer)
if classes.is_empty():
    show_nothing_yet("No classes yet", "Your classes appear here as soon as an administrator lets you teach one.")
    st.stop()

show_needs_a_look(needs_a_look(viewer), viewer.time_zone)
show_class_cards(classes)
