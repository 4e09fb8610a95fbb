"""One event recorded, for tests that go event by event."""

from datetime import datetime

from data.viewer import Viewer
from progress.recording.events import NewEvent, Verdict
from progress.recording.record import record


def record_event(viewer: Viewer, event: NewEvent, *, received_at: datetime | None = None) -> Verdict:
    """The verdict on the one event."""
    [verdict] = record(viewer, [event], received_at=received_at)
    return verdict
