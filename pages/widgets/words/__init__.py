"""How names, numbers, moments and statuses read. Draws nothing but text."""
