"""What an xAPI statement says: checked by the specification and read as an event. Asks the record nothing.

Imports `completion`.
"""
