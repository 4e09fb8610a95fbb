"""What happens when something is recorded: the only code that writes to the record. Knows nothing of pages or views."""
