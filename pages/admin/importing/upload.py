"""The field into which a file is dropped or chosen."""

import streamlit as st
from streamlit.typing import UploadedFile

from pages.admin.importing.kinds import Kind


def ask_for_file(kind: Kind, turn: int) -> UploadedFile | None:
    """A file of this kind; each kind and turn has a field of its own."""
    key = f"import_file_{kind.suffixes[0]}_{turn}"
    return st.file_uploader("File", kind.suffixes, max_upload_size=kind.most_megabytes, key=key)
