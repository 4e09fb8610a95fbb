"""Which pages there are for each role, in the order of the menu. A new page is one line here.

The address of a page is the name of its file. Tests read this list, so a page in it is checked like the others.
"""

# Per role: the heading of its group, then file, title and icon of each page. The first is where that role starts.
PAGES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "student": (
        "Learning",
        [
            ("student/my_courses.py", "My courses", "school"),
            ("student/my_course.py", "My course", "menu_book"),
            ("student/lecture.py", "Lecture", "play_circle"),
            ("student/my_timeline.py", "My timeline", "timeline"),
        ],
    ),
    "teacher": (
        "Teaching",
        [
            ("teacher/my_classes.py", "My classes", "groups"),
            ("teacher/class_progress.py", "Class progress", "grid_on"),
            ("teacher/learner_progress.py", "Learner progress", "person_search"),
            ("teacher/record_progress.py", "Record progress", "edit_note"),
        ],
    ),
    "parent": (
        "Family",
        [
            ("parent/my_children.py", "My children", "family_restroom"),
            ("parent/child_progress.py", "Child’s progress", "auto_stories"),
            ("parent/child_timeline.py", "Child’s timeline", "event_note"),
        ],
    ),
    "administrator": (
        "Administration",
        [
            ("admin/course_completion.py", "Course completion", "task_alt"),
            ("admin/completion_rule.py", "Completion rules", "rule"),
            ("admin/cohort_trend.py", "Cohort trend", "trending_up"),
            ("admin/people.py", "People", "badge"),
            ("admin/person.py", "Person", "person"),
            ("admin/school.py", "School", "location_city"),
            ("admin/import_data.py", "Import", "upload_file"),
            ("admin/video_statements.py", "Video statements", "smart_display"),
            ("admin/data_check.py", "Data check", "fact_check"),
            ("admin/audit_trail.py", "Audit trail", "policy"),
        ],
    ),
}

# For every role; reached from the foot of the menu.
ACCOUNT_PAGES = (
    ("account/access_tokens.py", "Access for programs"),
    ("account/sessions.py", "Where you are signed in"),
)

# Reached from another page: a menu has no place for them.
NOT_IN_MENU = {"admin/person.py", "student/lecture.py"}
