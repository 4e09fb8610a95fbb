"""Links to the exports of the API: everything behind a page as a file. What is in the files is decided there."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

_FORMATS = {"Excel": "xlsx", "CSV": "csv", "Parquet": "parquet", "JSON": "json"}


def show_downloads(labels: Mapping[str, str], *, key: str, **filters: int) -> None:
    """A link for each export, in the chosen format and with these filters; drawn when opened."""
    opened = st.expander("Download", icon=":material/download:", key=f"{key}_opened", type="compact", on_change="rerun")
    if opened.open:
        with opened:
            chosen = _FORMATS[st.radio("Format", list(_FORMATS), horizontal=True, key=f"{key}_format")]
            with st.container(horizontal=True):
                for what, label in labels.items():
                    st.link_button(label, _address(what, chosen, filters), icon=":material/download:")
            st.caption("All rows that you may see, with exact and shown percentages. Times are in UTC.")


def _address(what: str, chosen: str, filters: Mapping[str, int]) -> str:
    return f"/api/v1/exports/{what}?{urlencode({'format': chosen, **filters})}"
