"""A device of a learner, as it keeps itself up to date: it pages through what changed and takes each row over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.v1.changes import changes_for_learner
from data.viewer import Viewer

Page = dict[str, Any]  # an answer of `GET /users/{id}/changes`


@dataclass
class Device:
    """`ask` gives the page after a cursor, or the first one. `held` is everything by kind and id."""

    ask: Callable[[str | None], Page]
    cursor: str | None = None
    held: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def pull(self) -> None:
        """Take over everything there is, page by page."""
        while self.pull_page()["has_more"]:
            pass

    def pull_page(self) -> Page:
        page = self.ask(self.cursor)
        if page["is_complete"]:
            self.held.clear()
        for kind in ("course", "unit", "module"):
            self.held.update({(kind, row[f"{kind}_id"]): row for row in page[f"{kind}s"]})
        for module_id in page["removed_modules"]:
            self.held.pop(("module", module_id), None)
        self.cursor = page["cursor"]
        self.pages.append(page)
        return page


def asking(viewer: Viewer, learner_id: int, limit: int = 500) -> Callable[[str | None], Page]:
    """Ask the route's function itself, on the current record."""

    def ask(cursor: str | None) -> Page:
        return changes_for_learner(viewer, learner_id, since=cursor, limit=limit).model_dump(mode="json")

    return ask


def fresh(device: Device) -> dict[tuple[str, int], dict[str, Any]]:
    """What a new device holds after its first pull."""
    new = Device(device.ask)
    new.pull()
    return new.held
