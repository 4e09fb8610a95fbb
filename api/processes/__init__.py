"""Several processes that serve together: the first accepts, the others compute pages whose connections it hands over.

Imports `callers`.
"""
