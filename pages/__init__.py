"""What people see: one file, one question, one URL. `navigation.py` is the entry script: who you are, what you get."""
