"""In which time zone does each school count its days and weeks?"""

from datetime import UTC, datetime

import streamlit as st

from data.viewer import Viewer
from pages.admin.accounts.changes import change, show_last_change
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import local_time
from pages.widgets.words.titles import add_to_title
from progress.courses.administering import all_schools, change_time_zone
from progress.courses.schools import SchoolFacts, schools_below, time_zones

_WHAT_CHANGES = """
**What changes with the time zone:** on which day and in which week something counts (activity, trends, “quiet”, “this
week”), when a day in a class or a term begins and ends, and the times that people of this school see. This holds for
the past too: its days and weeks are read anew.

**What stays:** the moment at which something happened, what is completed, every percentage, and the roster’s dates.
"""


def zone_words(zone: str) -> str:
    """The name, and what time it is there: “Los Angeles (America) – Sat 02:14”."""
    region, _, place = zone.partition("/")
    named = f"{place.replace('_', ' ')} ({region})" if place else zone
    return f"{named} – {local_time(datetime.now(UTC), zone):%a %H:%M}"


def school_words(school: SchoolFacts) -> str:
    return f"{school.name} ({school.kind}), {school.time_zone}"


def choose_school(listed: list[SchoolFacts]) -> SchoolFacts:
    """The one school there is, or the one that is picked; the first in which people are taught comes first."""
    ordered = sorted(listed, key=lambda school: school.kind != "school")
    if len(ordered) == 1:
        st.markdown(f"**{plain(ordered[0].name)}**")
        return ordered[0]
    by_id = {school.school_id: school for school in ordered}
    words = {number: school_words(school) for number, school in by_id.items()}
    return by_id[st.selectbox("School", list(by_id), format_func=words.__getitem__, key="school")]


def save(viewer: Viewer, chosen: list[SchoolFacts], zone: str) -> None:
    others = f" and {len(chosen) - 1} below it" if len(chosen) > 1 else ""
    words = f"The days of {plain(chosen[0].name)}{others} are counted in {zone.replace('_', ' ')}."
    ids = [school.school_id for school in chosen]
    if change(words, lambda: change_time_zone(viewer, ids, zone)):
        st.rerun()


viewer = current_viewer()
show_heading(viewer, "School", "Where its days and weeks begin.")
listed = all_schools(viewer)
if not listed:
    show_nothing_yet("No school yet", "Schools come with a roster, on the page “Import”.")
    st.stop()
school = choose_school(listed)
add_to_title(school.name)
show_last_change()
zones = time_zones()
place = zones.index(school.time_zone) if school.time_zone in zones else None
zone = st.selectbox(
    "Time zone",
    zones,
    index=place,
    format_func=zone_words,
    key=f"zone_{school.school_id}",
    help="Type a part of the name to search.",
    placeholder="Type the name of a large town nearby",
)
below = schools_below(listed, school.school_id)
takes_along = False
if below:
    named = ", ".join(plain(one.name) for one in below)
    takes_along = st.checkbox(f"Also for the {len(below)} below it: {named}", key=f"below_{school.school_id}")
st.markdown(_WHAT_CHANGES)
if st.button("Save time zone", type="primary", disabled=zone is None) and zone:
    save(viewer, [school, *below] if takes_along else [school], zone)
