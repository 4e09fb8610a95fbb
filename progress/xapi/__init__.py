"""Statements of xAPI 1.0.3: checked, understood as events, stored and found again. `api.xapi` is their door."""
