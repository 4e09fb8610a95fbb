"""Which programs act as me, what may they do, and for how long? Making their access, and revoking it."""

import streamlit as st

from pages.account.programs.cards import show_last_revocation, show_programs
from pages.account.programs.new_token import show_new_token_form
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer

_INTRO = """
A program, such as a learning platform, a video player or a phone app, can read or record progress **as you**: it gets
what you may see and do here, and no more. Give each program an access of its own, so that you can end one without
disturbing the others. A new password ends all of them, as it signs you out everywhere.
"""

viewer = current_viewer()
show_heading(viewer, "Access for programs", "Lets other software work with your progress data")
st.markdown(_INTRO)
show_last_revocation()
show_new_token_form(viewer)
show_programs(viewer)
