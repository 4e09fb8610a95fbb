"""Accounts, roles, guardians, sign-in, sessions, access tokens, and the rules of access. Nothing about courses.

Imports `audit`.
"""
