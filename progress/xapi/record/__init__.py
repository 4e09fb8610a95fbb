"""Statements in the record: whom they name, who may send and see them, storing and finding them.

Imports `xapi.statement`, `recording`, `courses`, `people`, `completion` and `audit`.
"""
