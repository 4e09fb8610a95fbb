"""Who asks and how much they may ask: sessions, tokens, same origin, limits on requests and bodies.

Imports `answers`.
"""
