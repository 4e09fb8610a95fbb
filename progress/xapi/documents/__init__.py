"""Documents that players keep beside their statements: states, agent profiles, activity profiles.

Imports `xapi.record`, `xapi.statement`, `people` and `audit`.
"""
