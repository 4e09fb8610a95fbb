"""Queries: views over the mirror, and typed functions that show each viewer what they may see. Read-only."""
