"""Keeping the record safe: making, verifying and restoring backups.

Imports `recording` and `audit`.
"""
