"""The API for programs: one module per resource. `application` puts them together.

Imports `answers`, `callers` and `reference`.
"""
