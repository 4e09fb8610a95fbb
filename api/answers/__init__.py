"""What answers are made of: problem details, JSON bodies, conditional requests, paging, fields.

Knows no other room of the API.
"""
