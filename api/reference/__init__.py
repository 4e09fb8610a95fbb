"""The API's description for people: a plain page made from the OpenAPI document, and the document itself.

Nothing of it runs in the browser. Imports `callers`, to ask who is reading.
"""
