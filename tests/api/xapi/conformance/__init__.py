"""The requirements of xAPI 1.0.3 on a record store, each as a test of the served app, named by its number (XAPI-…).

A file is a section of the standard. `python -m tests.api.xapi.conformance` says by section how many hold.
"""
