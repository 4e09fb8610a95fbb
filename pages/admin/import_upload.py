"""The field into which a file is dropped or chosen."""

import streamlit as st
from streamlit.typing import UploadedFile

from pages.admin.import_kinds import Kind

# Streamlit gives the field a name, makes it focusable, and then says that it is nothing: a contradiction to a screen
# reader (axe: presentation-role-conflict). It is a group of what is in it. Its code may be on its way still.
_SAY_THAT_IT_IS_A_GROUP = """<script data-for="{key}">
    const name = () => {{
        const field = document.querySelector("[data-testid=stFileUploaderDropzone]");
        if (field) field.setAttribute("role", "group"); else requestAnimationFrame(name);
    }};
    name();
</script>"""


def ask_for_file(kind: Kind, turn: int) -> UploadedFile | None:
    """A file of this kind; each kind and turn has a field of its own."""
    key = f"import_file_{kind.suffixes[0]}_{turn}"
    uploaded = st.file_uploader("File", kind.suffixes, max_upload_size=kind.most_megabytes, key=key)
    st.html(_SAY_THAT_IT_IS_A_GROUP.format(key=key), unsafe_allow_javascript=True)
    return uploaded
