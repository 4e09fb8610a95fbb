"""A student's pages: their own courses, one of them in detail, and what they completed when.

Imports `widgets`.
"""
