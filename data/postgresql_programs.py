"""Calling pg_dump and pg_restore, which must be installed."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

_MOST_SAID = 500


class ProgramMissing(Exception):
    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} is not installed here. Install PostgreSQL's client programs, of the server's version or newer "
            "(Debian and Ubuntu: postgresql-client)."
        )
        self.program = program


class ProgramFailed(Exception):
    """`said` is the program's message, which contains no password."""

    def __init__(self, program: str, said: str) -> None:
        super().__init__(f"{program} could not do it: {said}")
        self.program = program
        self.said = said


def dump(url: str, file: Path) -> None:
    """Dump the database in PostgreSQL's custom format. Raises ProgramMissing, ProgramFailed."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def load(url: str, file: Path) -> None:
    """Load a dump in one transaction, replacing objects of the same names. Raises the same errors as `dump`."""
    arguments = ("--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error")
    _run("pg_restore", url, *arguments, str(file))


def contents_of(file: Path) -> str:
    """The table of contents of a dump. Raises the same errors as `dump`."""
    return _run("pg_restore", None, "--list", str(file))


def _run(program: str, url: str | None, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(program)
    address = make_url(url).set(drivername="postgresql") if url else None
    environment = {**os.environ, **({"PGPASSWORD": address.password} if address and address.password else {})}
    named = address._replace(password=None).render_as_string() if address else None
    done = subprocess.run(
        [path, *([f"--dbname={named}"] if named else []), *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        said = " ".join(line.removeprefix(f"{program}: ") for line in done.stderr.strip().splitlines())
        raise ProgramFailed(program, said[:_MOST_SAID] or "it gave no reason")
    return done.stdout
