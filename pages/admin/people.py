"""Who is in the record, and with which roles? Each name leads to the person."""

from pages.admin.accounts.directory import ask_whom, show_directory
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import current_viewer
from queries.people import people

viewer = current_viewer()
show_heading(viewer, "People")
search, role = ask_whom()
found = people(viewer, search=search, role=role)
if found.is_empty():
    show_nothing_yet("Nobody found", "Try a shorter part of the name, or another role.")
else:
    show_directory(found, key=f"people_page_{search}_{role}")
