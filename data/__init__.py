"""What is stored: models, migrations, sessions, settings and the DuckDB mirror. Imports nothing else of Waymark."""
