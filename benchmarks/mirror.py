"""The mirror of DATABASE_URL's record: a cold build, reopening its file, and refreshing after a completion.

`python -m benchmarks.mirror [--events 200]` prints JSON. The recorded completions stay in the record.
"""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.recording import administrator, open_modules, record_completion
from benchmarks.spread import seconds_of, spread
from data.mirror import Mirror
from data.record import current_record


def main(events: Annotated[int, typer.Option(help="How many completions to record.")] = 200) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mirror.duckdb"
        mirror = Mirror(current_record(), path)
        cold = seconds_of(mirror.refresh)
        mirror.close()
        reopened = seconds_of(lambda: Mirror(current_record(), path).close())
        mirror = Mirror(current_record(), path)
        refreshes, idle, viewer = [], [], administrator()
        for learner, module in open_modules(events):
            record_completion(viewer, learner, module)
            refreshes.append(seconds_of(mirror.refresh))
            idle.append(seconds_of(mirror.refresh))
        mirror.close()
    figures = {"cold_s": round(cold, 2), "reopened_s": round(reopened, 2)}
    print(json.dumps({**figures, "refresh": vars(spread(refreshes[10:])), "nothing_changed": vars(spread(idle[10:]))}))


if __name__ == "__main__":
    typer.run(main)
