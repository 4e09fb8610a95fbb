"""Whether the record is backed up: when the last backup was made, and what to do where that is too long ago."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from data.viewer import Viewer
from pages.widgets.words.percentages import minute_text, plural
from progress.upkeep.backing_up import last_backup_at

OLDEST = timedelta(days=7)

_HOW = (
    "Whoever runs the machine makes one with `python -m progress backup FILE`, best every night. "
    "The README's section “Backup and restore” says how."
)


def show_backups(viewer: Viewer) -> None:
    """Administrators only: raises NotAllowed."""
    made_at = last_backup_at(viewer)
    if made_at is None:
        st.warning(f"Waymark knows of no backup of this record. {_HOW}", icon=":material/warning:")
        return
    age = datetime.now(UTC) - made_at
    when = f"on {minute_text(made_at, viewer.time_zone)}, {_ago(age)}"
    if age > OLDEST:
        st.error(
            f"The last backup is too old: it was made {when}. What was recorded since then is in no backup. {_HOW}",
            icon=":material/error:",
        )
    else:
        st.success(f"The last backup was made and tried out {when}.", icon=":material/check_circle:")


def _ago(age: timedelta) -> str:
    if age.days:
        return f"{plural(age.days, 'day')} ago"
    return f"{plural(age.seconds // 3600, 'hour')} ago" if age.seconds >= 3600 else "within the last hour"
