"""What do I go on with, and how far am I in each of my courses?"""

from pages.student.continuing.card import show_continue
from pages.widgets.layout.page import show_heading
from pages.widgets.learner.progress import show_courses
from pages.widgets.running.viewer import current_viewer
from queries.course_progress import course_progress
from queries.next_module import continue_watching

viewer = current_viewer()
show_heading(viewer, "My courses", "What comes next, and how far you have come.")
steps = continue_watching(viewer, viewer.user_id)
if not course_progress(viewer, learner_id=viewer.user_id).is_empty():
    show_continue(steps)
show_courses(viewer, viewer.user_id, upcoming=steps[1:], course_page="student/my_course.py")
