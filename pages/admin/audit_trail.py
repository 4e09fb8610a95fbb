"""Who did what to accounts, rights and data, and when?"""

import streamlit as st

from data.viewer import require_administrator
from pages.admin.accounts.changes import show_last_change
from pages.admin.auditing.filters import ask_filters
from pages.admin.auditing.keeping import show_keeping_form
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.layout.tables import show_table, text_column, time_column
from pages.widgets.running.viewer import current_viewer
from progress.audit.trail import MOST_ENTRIES, audit_trail

COLUMNS = {
    "happened_at": time_column("When"),
    "what_happened": text_column("What"),
    "actor_name": text_column("By"),
    "subject_name": text_column("About"),
    "details": text_column("Details"),
    "address": text_column("From"),
}

viewer = current_viewer()
require_administrator(viewer)
show_heading(viewer, "Audit trail", "What was done to accounts, rights and data; nobody can change it")
show_last_change()
asked = ask_filters(viewer)
entries = audit_trail(viewer, asked.wanted, limit=MOST_ENTRIES)
if entries.is_empty():
    show_nothing_yet("Nothing to show", "Nothing of the kind happened, or it is older than entries are kept.")
else:
    is_all = entries.height < MOST_ENTRIES
    count = "1 entry" if entries.height == 1 else f"{entries.height:,} entries"
    st.caption(count if is_all else f"The newest {MOST_ENTRIES:,} entries")
    show_table(entries, COLUMNS, alt="Audit trail", key="audit_trail", time_zone=viewer.time_zone)
    with st.container(horizontal=True):
        for form, words in {"csv": "All of them as CSV", "xlsx": "All of them for Excel"}.items():
            st.link_button(words, asked.export_address(form), icon=":material/download:")
show_keeping_form(viewer)
