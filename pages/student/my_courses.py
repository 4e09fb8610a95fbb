"""How far am I in each of my courses, and what comes next?"""

from pages.widgets.learner import show_courses
from pages.widgets.page import show_heading
from pages.widgets.viewer import current_viewer

viewer = current_viewer()
show_heading(viewer, "My courses", "How far you have come, and what comes next.")
show_courses(viewer, viewer.user_id, course_page="student/my_course.py")
