"""What the Import page remembers between two runs, and forgets as soon as another page is opened.

The uploaded file itself is Streamlit's, in memory: it goes with the page, too.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from progress.importers.shared.report import ImportReport

PAGE = "import_data"
_KEY = "import"


@dataclass(frozen=True)
class Result:
    """What became of a file, checked or applied: a report, or the problem that kept it from being read."""

    file_id: str
    file_name: str
    report: ImportReport | None = None
    problem: str = ""
    is_final: bool = False


@dataclass
class ImportState:
    """`turn` counts the files: each has an uploader of its own, so that the next one starts empty.

    `kind` is what was imported last, by its place among the kinds.
    """

    turn: int = 0
    kind: int = 0
    result: Result | None = None


def import_state() -> ImportState:
    state: ImportState = st.session_state.setdefault(_KEY, ImportState())
    return state


def start_again() -> None:
    """Forget the last file, and be ready for the next one."""
    _forget_uploads()
    last = import_state()
    st.session_state[_KEY] = ImportState(last.turn + 1, last.kind)


def forget_import_unless_on(url_path: str) -> None:
    """To be called with the address of whatever page is opened."""
    if url_path != PAGE and st.session_state.pop(_KEY, None) is not None:
        _forget_uploads()


def _forget_uploads() -> None:
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
