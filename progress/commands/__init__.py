"""`python -m progress`: the command line. Each command puts into words what the other rooms do.

May import all of them; none of them imports this.
"""
