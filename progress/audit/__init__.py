"""The audit trail: who did what to accounts, rights and data. Every other room notes its entries here.

Imports nothing but `data`.
"""
