"""What a student continues with: the card and the next step in words."""
