"""When is a course complete, who would gain by another rule, and what was the rule before?"""

import streamlit as st

from pages.admin.rules.form import show_remove_button, show_rule_form, show_what_changed
from pages.admin.rules.history import show_history
from pages.widgets.layout.choosing import choose_course
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.markdown import plain
from progress.courses.completion_rule_words import described
from progress.courses.completion_rules import rule_history
from queries.course_structure import modules

viewer = current_viewer()
show_heading(viewer, "Completion rules", "When a course counts as complete. Percentages count its units as ever.")
course_id = choose_course(viewer)
history = rule_history(course_id)
newest = history.versions[-1] if history.versions else None
rule = newest.rule if newest else None

show_what_changed(course_id, history)
st.header("The rule now", anchor=False)
st.markdown(plain(described(rule, history.titles)))
if rule is not None:
    show_remove_button(viewer, course_id, history)

st.header("Change it", anchor=False)
show_rule_form(viewer, course_id, modules(viewer, course_id), history)

st.header("History", anchor=False)
show_history(history, viewer.time_zone)
