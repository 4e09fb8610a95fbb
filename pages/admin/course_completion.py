"""How far has each course come, and how do its enrolments stand?"""

import math

import polars as pl
import streamlit as st

from charts.course_completion import course_completion, course_completion_summary
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.charts import show_chart
from pages.widgets.layout.downloads import show_downloads
from pages.widgets.layout.page import show_heading
from pages.widgets.layout.tables import mean_column, number_column, text_column
from pages.widgets.running.viewer import current_viewer
from queries.course_progress import course_summary

COURSES_AT_ONCE = 20
COLUMNS = {
    "course_title": text_column("Course", pinned=True),
    "mean_modules_percentage": mean_column("Mean"),
    "median_modules_percentage": mean_column("Median"),
    "learners_count": number_column("Learners (n)"),
    "completed_learners_count": number_column("Completed"),
    "not_started_learners_count": number_column("Not started"),
    "active_learners_count": number_column("Active this week"),
    "dropped_learners_count": number_column("Dropped"),
}
DOWNLOADS = {"course_summary": "Courses", "class_progress": "Classes", "course_progress": "Learners’ courses"}

viewer = current_viewer()
show_heading(
    viewer,
    "Course completion",
    "Means of the share of modules completed, over all enrolments that were not dropped (n).",
)
courses = course_summary(viewer, busiest_first=True)
if courses.is_empty():
    show_nothing_yet("No courses yet", "Import a school’s data or load the sample, and its courses appear here.")
    st.stop()

if courses.height > COURSES_AT_ONCE:
    searched = st.text_input("Find a course", icon=":material/search:", key="course_search").strip().lower()
    courses = courses.filter(pl.col("course_title").str.to_lowercase().str.contains(searched, literal=True))
if courses.is_empty():
    show_nothing_yet("No such course", "No course’s title has these words. Try fewer.")
    st.stop()

pages = math.ceil(courses.height / COURSES_AT_ONCE)
page = st.pagination(pages, key="courses_page") if pages > 1 else 1
shown = courses.slice((page - 1) * COURSES_AT_ONCE, COURSES_AT_ONCE)
alt = course_completion_summary(shown)
show_chart(course_completion(shown), alt, shown, key="course_completion", columns=COLUMNS, is_open=True)
show_downloads(DOWNLOADS, key="downloads")
