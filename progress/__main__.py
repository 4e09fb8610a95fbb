"""`python -m progress`."""

import signal
import sys

from data.file_modes import keep_new_files_private
from progress.commands.command_line import app


def end(*_: object) -> None:
    """As any command ends: what is open is closed, and SQLite's log brought into its file."""
    sys.exit(128 + signal.SIGTERM)


keep_new_files_private()
signal.signal(signal.SIGTERM, end)
app()
