"""Storage: models, migrations, transactions, settings and the DuckDB mirror. Imports nothing else of Waymark."""
