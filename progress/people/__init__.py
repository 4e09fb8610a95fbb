"""Accounts, roles, guardians, sign-in, sessions, access tokens, and the rules of access; nothing about courses.

Imports `audit`.
"""
