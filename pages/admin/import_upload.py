"""The field into which a file is dropped or chosen."""

import streamlit as st
from streamlit.typing import UploadedFile

from pages.admin.import_kinds import Kind

# Streamlit gives the field a name, makes it focusable, and then says that it is nothing: a contradiction to a screen
# reader (axe: presentation-role-conflict). It is a group of what is in it, whenever it is drawn anew.
_SAY_THAT_IT_IS_A_GROUP = """<script>
    const name = () => document
        .querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]")
        .forEach(field => field.setAttribute("role", "group"));
    if (!document.body.dataset.namesUploads) {
        document.body.dataset.namesUploads = "yes";
        new MutationObserver(name).observe(document.body, {childList: true, subtree: true});
    }
    name();
</script>"""


def ask_for_file(kind: Kind, turn: int) -> UploadedFile | None:
    """A file of this kind; each kind and turn has a field of its own."""
    st.html(_SAY_THAT_IT_IS_A_GROUP, unsafe_allow_javascript=True)
    key = f"import_file_{kind.suffixes[0]}_{turn}"
    return st.file_uploader("File", kind.suffixes, max_upload_size=kind.most_megabytes, key=key)
