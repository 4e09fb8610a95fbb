"""What have I completed, and when?"""

from pages.widgets.layout.choosing import filter_by_course
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_timeline
from pages.widgets.running.viewer import current_viewer

viewer = current_viewer()
show_heading(viewer, "My timeline", "What you have completed, and when.")
course_id = filter_by_course(viewer, viewer.user_id)
show_timeline(viewer, viewer.user_id, course_id)
