"""Which entries of the audit trail someone wants to see."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from data.viewer import Viewer
from progress.audit.noting import KINDS
from progress.audit.trail import TrailFilter
from queries.people import people

_MOST_MATCHES = 50
_FIRST_DAY, _LAST_DAY = date(2, 1, 1), date(9998, 12, 30)  # from which UTC can still be a day off


@dataclass(frozen=True)
class Asked:
    wanted: TrailFilter

    def export_address(self, form: str) -> str:
        """Where the file with just these entries is."""
        given = {name: value for name, value in vars(self.wanted).items() if value is not None}
        texts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
        return f"/api/v1/audit-entries/export?{urlencode({'format': form, **texts})}"


def ask_filters(viewer: Viewer) -> Asked:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "What", list(KINDS), index=None, format_func=KINDS.__getitem__, placeholder="Anything", width=240
        )
        since = st.date_input("From", None, date.min, date.max, format="YYYY-MM-DD", width=160)
        until = st.date_input("Until", None, date.min, date.max, format="YYYY-MM-DD", width=160)
        person_id = _ask_person(viewer)
    return Asked(
        TrailFilter(
            kind=kind,
            person_id=person_id,
            since=_start_of(since, viewer),
            until=_start_of(until, viewer, days_later=1),
        )
    )


def _ask_person(viewer: Viewer) -> int | None:
    """Someone who did it or whom it was about, found by name."""
    search = st.text_input("Person", type="search", live="300ms", placeholder="Search by name", width=240)
    if len((search or "").strip()) < 2:
        return None
    found = people(viewer, search=search).head(_MOST_MATCHES).rows(named=True)
    names = {row["user_id"]: row["full_name"] for row in found}
    chosen: int | None = st.selectbox(
        "Which one?", list(names), format_func=names.__getitem__, placeholder="Nobody", width=240
    )
    return chosen


def _start_of(day: date | None, viewer: Viewer, *, days_later: int = 0) -> datetime | None:
    """The beginning of a day of the viewer's school, or of one soon after it."""
    if day is None:
        return None
    countable = min(max(day, _FIRST_DAY), _LAST_DAY) + timedelta(days=days_later)
    return datetime.combine(countable, time(), ZoneInfo(viewer.time_zone)).astimezone(UTC)
