"""Importing a week of real video statements, and the same week copied nineteen times, into fresh SQLite records.

`python -m benchmarks.xapi_import` prints JSON. The statements are read from `funmooc_xapi/` in the folder that
WAYMARK_REAL_DATA names, by default ../shared/data next to the project. In each copy all statements, sessions and
learners have ids of their own.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select

from benchmarks.oulad_import import real_data
from data.migrate import migrate
from data.models import Enrolment, ModuleProgress, ProgressEvent, XapiStatement
from data.record import Record
from progress.recording.rebuild import differences
from progress.xapi.file.importing import import_xapi

COPIES = 19
_SESSION = "https://w3id.org/xapi/video/extensions/session-id"
COUNTED = (XapiStatement, ProgressEvent, ModuleProgress, Enrolment)


def real_statements() -> Path:
    return real_data() / "funmooc_xapi" / "statements_course_00002.jsonl.gz"


def write_copies(target: Path, copies: int) -> None:
    """Write a compressed file with the real statements this many times; the first copy is the original."""
    with gzip.open(real_statements(), "rt") as file:
        originals = [json.loads(line) for line in file]
    with gzip.open(target, "wt", compresslevel=1) as file:
        for copy in range(copies):
            file.writelines(json.dumps(_renamed(statement, copy)) + "\n" for statement in originals)


def _renamed(statement: dict[str, Any], copy: int) -> dict[str, Any]:
    if copy == 0:
        return statement
    actor, context = statement["actor"], statement["context"]
    name = f"{actor['account']['name']}-{copy}"
    session = {_SESSION: _of_copy(context["extensions"][_SESSION], copy)}
    return {
        **statement,
        "id": _of_copy(statement["id"], copy),
        "actor": {**actor, "account": {**actor["account"], "name": name}},
        "context": {**context, "extensions": {**context["extensions"], **session}},
    }


def _of_copy(one_id: str, copy: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{one_id} {copy}"))


def measured_import(source: Path, record_path: Path) -> dict[str, Any]:
    """Import into a new record; returns the number of statements, wall-clock and CPU seconds, and what was stored."""
    record = Record(f"sqlite:///{record_path}")
    migrate(record)
    begun, busy = time.perf_counter(), time.process_time()
    report = import_xapi(record, source, provisions=True)
    seconds, busy_seconds = time.perf_counter() - begun, time.process_time() - busy
    statements = report.rows_read.total()
    figures = {
        "statements": statements,
        "seconds": round(seconds, 2),
        "processor_seconds": round(busy_seconds, 2),
        "statements_per_second": round(statements / seconds),
        "refused": report.refused_count,
        "rows_that_differ": differences(record).height,
        "stored": dict(_stored(record)),
    }
    record.close()
    return figures


def _stored(record: Record) -> Iterator[tuple[str, int]]:
    with record.reading() as connection:
        for model in COUNTED:
            yield model.__tablename__, connection.execute(select(func.count()).select_from(model)).scalar_one()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.xapi_import", description=__doc__)
    parser.add_argument("--copies", type=int, default=COPIES, help="how many times the learners")
    copies: int = parser.parse_args().copies
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "statements.jsonl.gz"
        write_copies(packed, copies)
        figures = {
            "real_file": measured_import(real_statements(), Path(folder) / "real.db"),
            f"{copies}_copies": measured_import(packed, Path(folder) / "copies.db"),
        }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
