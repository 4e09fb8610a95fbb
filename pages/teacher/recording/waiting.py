"""Marks that were typed into the grids of other modules and are not saved yet: where they wait, and the way there."""

import streamlit as st

from data.viewer import Viewer
from pages.teacher.recording.drafts import grid_drafts
from pages.teacher.recording.modules import open_module
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import plural


def show_waiting(viewer: Viewer, shown: tuple[int, int] | None) -> None:
    """Nothing where none wait. `shown` are the class and module whose grid is on the page, if one is."""
    waiting = {
        key: draft
        for key, draft in grid_drafts().items()
        if draft.typed and key != shown and key[0] in viewer.class_ids
    }
    if not waiting:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(":material/edit_note: **Marks that are not saved yet**")
        for (class_id, module_id), draft in waiting.items():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{plain(draft.place)} · {plural(len(draft.typed), 'learner')}", width="stretch")
                st.button(
                    "Go on with them", key=f"go_on_{class_id}_{module_id}", on_click=open_module,
                    args=(class_id, module_id),
                )  # fmt: skip
