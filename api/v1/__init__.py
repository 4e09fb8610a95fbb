"""The API for programs: one module per resource. `application` puts them together.

Imports `callers` and `answers`.
"""
