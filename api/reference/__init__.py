"""The API's description for people: a plain page made from the OpenAPI document, and the document itself.

Nothing of it runs in the browser. Imports the rest of `api` only to ask who is reading.
"""
