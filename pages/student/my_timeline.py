"""What have I completed, and when?"""

from pages.widgets.choosing import filter_by_course
from pages.widgets.learner import show_timeline
from pages.widgets.page import show_heading
from pages.widgets.viewer import current_viewer

viewer = current_viewer()
show_heading(viewer, "My timeline", "What you have completed, and when.")
course_id = filter_by_course(viewer, viewer.user_id)
show_timeline(viewer, viewer.user_id, course_id)
