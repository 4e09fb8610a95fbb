"""Pieces of the audit trail page."""
