"""A district of schools as large as Waymark is meant for, and ClickHouse asked the same questions about it."""
