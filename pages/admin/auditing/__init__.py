"""Pieces of the audit trail page.

Imports `admin.accounts`.
"""
