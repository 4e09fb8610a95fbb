"""The audit trail: who did what to accounts, rights and data. Every other room notes its entries here.

Knows none of them.
"""
