"""`/xapi` for programs that speak xAPI 1.0.3. What statements mean is decided in `progress.xapi`.

Imports `answers`, `callers` and `reference`.
"""
