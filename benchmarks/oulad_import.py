"""Importing the OULAD, 7.0 million click rows and 21,333 enrolments, into a fresh SQLite record, with roll-ups.

`python -m benchmarks.oulad_import` prints JSON; `--keep PATH` keeps the record there for other benchmarks. The data
set is read from `oulad/` in the folder that WAYMARK_REAL_DATA names, by default ../shared/data next to the project.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from data.migrate import migrate
from data.models import CourseProgress, Enrolment, ModuleProgress, ProgressEvent, UnitProgress
from data.record import Record
from data.settings import PROJECT
from progress.importers.oulad.importing import import_oulad

COUNTED = (Enrolment, ProgressEvent, ModuleProgress, UnitProgress, CourseProgress)


def real_data() -> Path:
    """The folder of the real data sets, which may not exist."""
    return Path(os.environ.get("WAYMARK_REAL_DATA") or PROJECT / "../shared/data").resolve()


def measured_import(path: Path) -> dict[str, Any]:
    """Import into a new record at `path`; returns wall-clock and CPU seconds, peak memory, and what was stored."""
    record = Record(f"sqlite:///{path}")
    migrate(record)
    begun, busy = time.perf_counter(), time.process_time()
    report = import_oulad(record, real_data() / "oulad", lambda done, total, label: _tell(begun, done, total, label))
    figures = {
        "seconds": round(time.perf_counter() - begun, 1),
        "processor_seconds": round(time.process_time() - busy, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rows_read": report.rows_read.total(),
        "rows_refused": report.refused_count,
        "stored": _stored(record),
    }
    record.close()
    return {**figures, "record_mb": round(path.stat().st_size / 2**20)}


def _tell(begun: float, done: int, total: int, label: str) -> None:
    print(f"{time.perf_counter() - begun:6.1f} s  {done:>9,} of {total:,}  {label}", file=sys.stderr)


def _stored(record: Record) -> dict[str, int]:
    with record.reading() as connection:
        counts = {model.__tablename__: select(func.count()).select_from(model) for model in COUNTED}
        return {table: connection.execute(count).scalar_one() for table, count in counts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad_import", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="PATH", help="leave the record here; PATH must not exist yet")
    keep: Path | None = parser.parse_args().keep
    if keep and keep.exists():
        parser.error(f"{keep} exists already")
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured_import(keep or Path(folder) / "waymark.db"), indent=2))


if __name__ == "__main__":
    main()
