"""What events amount to, as pure functions: intervals, module state, unit and course standing, completion rules.

No database and no clock. Each rule is written for one learner and, in columns, for many. Knows no other room.
"""
