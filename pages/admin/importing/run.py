"""Checking an uploaded file and applying it, with a bar while it lasts."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import UploadedFile

from data.viewer import Viewer
from pages.admin.importing.kinds import KINDS, Kind, Upload
from pages.admin.importing.state import Result, import_state
from progress.importers.shared.report import CannotImport


class _Bar:
    """Shows how far an import is.

    Streamlit ends a run at its next word to the page when someone presses a button again or goes elsewhere. That must
    not tear an import apart, so it is kept until the import is over.
    """

    def __init__(self, bar: DeltaGenerator) -> None:
        self._bar = bar
        self._interruption: BaseException | None = None

    def __call__(self, done: int, total: int, label: str) -> None:
        if self._interruption is None:
            try:
                self._bar.progress(min(done / max(total, 1), 1.0), text=label)
            except BaseException as interruption:
                self._interruption = interruption

    def give_way(self) -> None:
        if self._interruption is not None:
            raise self._interruption


def run_import(
    viewer: Viewer, kind: Kind, uploaded: UploadedFile, *, preview: bool, skip_refused: bool = False
) -> None:
    """Check or apply the file, remember the result, and begin the page anew. Administrators only: raises NotAllowed."""
    bar = _Bar(st.progress(0.0, text="Starting"))
    upload = Upload(uploaded.name, uploaded.getvalue(), preview, skip_refused)
    try:
        report = kind.run(viewer, upload, bar)
        result = Result(uploaded.file_id, uploaded.name, report, is_final=report.is_applied)
    except CannotImport as problem:
        result = Result(uploaded.file_id, uploaded.name, problem=str(problem))
    state = import_state()
    state.result, state.kind = result, KINDS.index(kind)
    bar.give_way()
    st.rerun()
