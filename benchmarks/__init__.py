"""Each headline figure as a command that measures it on this machine and prints JSON."""
