"""Who needs a look today, with the reason in words. Who does is `queries.needs_a_look`'s matter."""

from typing import Any

import polars as pl
import streamlit as st

from pages.widgets.words.markdown import icon, plain
from pages.widgets.words.percentages import count_text, day_text, plural

_SHOWN_AT_ONCE = 6
_RULE = (
    "Someone needs a look when they did nothing for 14 days (what staff enter does not count), or when the share of "
    "modules that they have completed is 25 points or more behind the median of their class. Whoever has completed or "
    "dropped the course is left out, and so are courses that are over."
)


def show_needs_a_look(frame: pl.DataFrame, time_zone: str) -> None:
    """The most pressing learners, each with a link; the rest folded away. `frame` as from `needs_a_look`."""
    st.header(_headline(frame), anchor=False, help=_RULE)
    rows = frame.rows(named=True)
    if not rows:
        st.success(
            "Everyone was active in the last 14 days and is keeping up with their class.", icon=":material/check:"
        )
        return
    with st.grid("auto", min_column_width=280, gap="small"):
        for row in rows[:_SHOWN_AT_ONCE]:
            _show_learner(row, time_zone)
    if len(rows) > _SHOWN_AT_ONCE:
        _show_the_rest(rows[_SHOWN_AT_ONCE:], time_zone)


def _headline(frame: pl.DataFrame) -> str:
    count = frame["learner_id"].n_unique()
    return "No one needs a look today" if count == 0 else f"{plural(count, 'learner')} to look at today"


def _show_the_rest(rows: list[dict[str, Any]], time_zone: str) -> None:
    rest = st.expander(f"Show {len(rows)} more", icon=":material/group:", key="looks_rest", on_change="rerun")
    if rest.open:
        with rest, st.grid("auto", min_column_width=280, gap="small"):
            for row in rows:
                _show_learner(row, time_zone)


def _show_learner(row: dict[str, Any], time_zone: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.page_link(
                "teacher/learner_progress.py",
                label=f"**{plain(row['learner_name'])}**",
                icon=":material/chevron_right:",
                icon_position="right",
                query_params={"learner": str(row["learner_id"])},
                help="",
            )
            st.caption(plain(row["class_name"]), width="content")
        st.markdown("  \n".join(_reasons(row, time_zone)))


def _reasons(row: dict[str, Any], time_zone: str) -> list[str]:
    """Markdown, a line for each reason."""
    reasons = []
    if not row["has_begun"]:
        reasons.append(f"{icon('radio_button_unchecked')} Has not begun")
    if row["is_quiet"] and (row["has_begun"] or row["last_activity_at"]):
        reasons.append(f"{icon('schedule')} {_quiet_text(row, time_zone)}")
    if row["is_behind"]:
        done = count_text(row["completed_modules_count"], row["total_modules"], "module")
        reasons.append(f"{icon('trending_down')} {done}, {row['modules_behind']} behind the class")
    return reasons


def _quiet_text(row: dict[str, Any], time_zone: str) -> str:
    days = plural(row["quiet_days"], "day")
    if row["last_activity_at"] is None:
        return f"Nothing of their own in {days}"
    return f"Quiet for {days}, since {day_text(row['last_activity_at'], time_zone)}"
