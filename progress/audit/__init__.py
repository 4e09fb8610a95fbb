"""The audit trail: who did what to accounts, rights and data. All other rooms write their entries through it.

Imports none of them.
"""
