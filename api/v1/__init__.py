"""The API for programs, one module per resource; `application` combines them.

Imports `answers`, `callers` and `reference`.
"""
