"""How far has each learner of this class come in each unit?"""

import polars as pl
import streamlit as st

from pages.teacher.classes.matrix import (
    choose_learner_to_open,
    choose_order,
    choose_part,
    show_class_figures,
    show_matrix,
    show_matrix_table,
)
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.choosing import choose_class
from pages.widgets.layout.downloads import show_downloads
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import as_teacher, current_viewer
from queries.class_progress import class_progress
from queries.course_progress import course_progress
from queries.unit_progress import unit_progress

DOWNLOADS = {"course_progress": "Learners", "unit_progress": "Units", "module_progress": "Modules", "events": "Events"}

viewer = as_teacher(current_viewer())
show_heading(viewer, "Class progress")
class_id = choose_class(viewer)
show_class_figures(class_progress(viewer), class_id)

learners = course_progress(viewer, class_id=class_id).filter(pl.col("enrolment_status") != "dropped")
if learners.is_empty():
    show_nothing_yet("No learners yet", "Learners appear here as soon as they are enrolled in this class’s course.")
    st.stop()

part = choose_part(choose_order(learners))
units = unit_progress(viewer, class_id=class_id)
show_matrix(part, units)
choose_learner_to_open(learners)
show_matrix_table(part, units, viewer.time_zone)
show_downloads(DOWNLOADS, key="downloads", class_id=class_id)
