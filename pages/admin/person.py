"""What does the record know of this person, and what is to be changed? Without `?person=ID`: someone new."""

import polars as pl
import streamlit as st

from pages.admin.accounts.account_forms import show_account, show_password_form, show_roles_form
from pages.admin.accounts.changes import show_last_change
from pages.admin.accounts.enrolments import show_enrolments
from pages.admin.accounts.guardian_forms import show_guardians
from pages.admin.accounts.new_person import show_new_person_form
from pages.admin.accounts.person_facts import show_facts
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.taking_back import show_last_taken_back
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.titles import add_to_title
from progress.audit.reads import note_look
from queries.person import person

viewer = current_viewer()
asked = st.query_params.get("person")
if asked is None:
    show_heading(viewer, "Add a person")
    show_new_person_form(viewer)
    st.stop()

found = person(viewer, int(asked)) if asked.isdecimal() and len(asked) < 19 else pl.DataFrame()
if found.is_empty():
    show_heading(viewer, "Person")
    show_nothing_yet("No such person", "Go to “People” and search by name.")
    st.stop()

row = found.row(0, named=True)
note_look(viewer, row["user_id"])
show_heading(viewer, row["full_name"])
add_to_title(row["full_name"])
show_last_change()
show_last_taken_back()
show_facts(row)
with st.grid(2, min_column_width=340):
    show_roles_form(viewer, row)
    show_guardians(viewer, row)
    show_password_form(viewer, row)
    show_account(viewer, row)
    show_enrolments(viewer, row)
