"""What has changed for a learner since their device last asked.

Imports `asking`.
"""
