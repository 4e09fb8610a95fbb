"""The sample school: one term of a believable school, made by code. The same day, the same rows.

`people.toml` and `courses/` say who and what there is; it goes in through the doors that everyone uses.
Imports `recording`, `courses`, `people` and `completion`.
"""
