"""An activity with all that statements say of it: what its canonical definition is here."""

from collections.abc import Iterator
from dataclasses import replace

from data.viewer import Viewer
from progress.xapi.record.filters import StatementFilter
from progress.xapi.record.finding import find_statements
from progress.xapi.record.withholding import parts_within
from progress.xapi.statement.values import Json

# Systems describe an activity alike in all their statements; what changed lately and what was said first is enough.
_NEWEST, _OLDEST = 400, 100

# Properties whose entries are put together; of all others the latest holds.
_MAPS = ("name", "description", "extensions")


def activity(viewer: Viewer, activity_id: str) -> Json:
    """The activity by what statements that the viewer may see say of it, the latest first; else only its id."""
    definition: Json = {}
    for said in _definitions(viewer, activity_id):
        together = {name: {**definition.get(name, {}), **said[name]} for name in _MAPS if name in said}
        definition = {**definition, **said, **together}
    described = {"definition": definition} if definition else {}
    return {"objectType": "Activity", "id": activity_id, **described}


def _definitions(viewer: Viewer, activity_id: str) -> Iterator[Json]:
    """From the oldest to the newest."""
    naming = StatementFilter(activity=activity_id, related_activities=True)
    oldest = find_statements(viewer, replace(naming, is_ascending=True), _OLDEST).statements
    newest = find_statements(viewer, naming, _NEWEST).statements[::-1]
    for found in (*oldest, *newest):
        yield from (part["definition"] for part in parts_within(found.statement) if _describes(part, activity_id))


def _describes(part: Json, activity_id: str) -> bool:
    is_activity = part.get("objectType", "Activity") == "Activity"
    return is_activity and part.get("id") == activity_id and isinstance(part.get("definition"), dict)
