"""Until when statements can be found: now while nothing is being stored, on either database."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from data.record import Record
from data.viewer import Viewer
from progress.xapi.record.consistency import stored_through
from progress.xapi.record.storing import lock_statements

ADMINISTRATOR = Viewer(1, "Head", frozenset({"administrator"}), frozenset())
LEARNER = Viewer(2, "Ada", frozenset({"student"}), frozenset({2}))
NOBODY = Viewer(3, "Nobody", frozenset(), frozenset())


@pytest.mark.parametrize("viewer", [ADMINISTRATOR, LEARNER])
def test_it_is_now_unless_statements_are_being_stored(record: Record, viewer: Viewer) -> None:
    begun = datetime.now(UTC)
    first = stored_through(viewer)
    assert begun <= first <= datetime.now(UTC)
    holds, ends = Event(), Event()

    def store() -> None:
        with record.writing() as tx:
            lock_statements(tx)
            holds.set()
            ends.wait(30)

    storing = Thread(target=store)
    storing.start()
    try:
        assert holds.wait(30)
        moment = datetime.now(UTC)
        assert first <= stored_through(viewer) <= moment
        assert stored_through(NOBODY) >= moment
        assert stored_through(None) >= moment
    finally:
        ends.set()
        storing.join()
    assert stored_through(viewer) >= moment
