"""All of xAPI 1.0.3: what statements say, where they are kept, and files of them. `api.xapi` serves it over HTTP."""
