"""Bringing other systems' data into the record: one folder per source, and what they share. No rules of the field.

Imports `people`.
"""
