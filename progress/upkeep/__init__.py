"""Keeping the record safe: making, verifying and restoring backups.

Imports `recording`, `people` and `audit`.
"""
