"""One learner as students, parents and teachers see them.

Imports `widgets.layout` and `widgets.words`.
"""
