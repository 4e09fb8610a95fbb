"""`python -m progress`."""

from progress.commands import app

app()
