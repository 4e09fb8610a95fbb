"""What stands before the pages: the gate, signing in and out, connections, security headers, health checks.

Imports `callers`, `answers` and `processes`.
"""
