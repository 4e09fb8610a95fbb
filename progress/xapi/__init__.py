"""All of xAPI 1.0.3: what statements say, where they are kept, files of them, and documents. `api.xapi` serves it."""
