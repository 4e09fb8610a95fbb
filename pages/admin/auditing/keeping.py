"""The form that sets for how long the audit trail is kept."""

import streamlit as st

from data.viewer import Viewer
from pages.admin.accounts.changes import change
from pages.widgets.words.percentages import plural
from progress.audit.noting import days_kept
from progress.people.administering import keep_audit_trail_for


def show_keeping_form(viewer: Viewer) -> None:
    with st.form("audit_keeping", width=560):
        st.header("For how long entries are kept", anchor=False)
        st.markdown("Older entries are removed by themselves. Every change of this number is an entry too.")
        days = st.number_input("Days", value=days_kept(), width=160) or 0
        is_pressed = st.form_submit_button("Save")
        words = f"Entries are kept for {plural(int(days), 'day')} from now on."
        if is_pressed and change(words, lambda: keep_audit_trail_for(viewer, int(days))):
            st.rerun()
