"""What is taught and to whom: structure, classes, enrolment, completion rules, and the stored roll-ups.

Imports `completion`, `people` and `audit`. Events are not recorded here.
"""
