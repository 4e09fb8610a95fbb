"""What answers are made of: problem details, JSON bodies, conditional requests, paging, fields.

Imports no other room of `api`.
"""
