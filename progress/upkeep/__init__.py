"""Keeping the record safe: backups, made, verified and restored.

Imports `recording`, `people` and `audit`.
"""
