"""The front door: signing in, the gate before every page, and the API for programs. Stores and asks nothing itself.

`service` starts and stops what the server needs.
"""
