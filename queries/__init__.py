"""What can be asked: views over the mirror, and typed functions that show each viewer what is theirs. No writing."""
