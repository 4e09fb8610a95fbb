"""Documents that players keep next to their statements: states, agent profiles, activity profiles.

Imports `xapi.record`, `xapi.statement`, `people` and `audit`.
"""
