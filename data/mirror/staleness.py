"""While the record cannot be read, the mirror goes on answering: an old answer with its age is better than none."""

import logging

from data.mirror.mirror import Mirror
from data.models.base import EPOCH
from data.settings import settings
from data.troubles import RecordTrouble, troubles_named

_log = logging.getLogger(__name__)
_trouble: RecordTrouble | None = None


def record_trouble() -> RecordTrouble | None:
    """Why answers are no newer than the mirror's `as_of`, if the record could not be read for the latest of them."""
    return _trouble


def bring_up(mirror: Mirror) -> None:
    """Refresh the mirror. Raises errors of that only if it has never been refreshed, or is broken."""
    global _trouble
    try:
        with troubles_named(settings().database_url):
            mirror.refresh()
        _trouble = None
    except RecordTrouble as trouble:
        if mirror.as_of == EPOCH:
            raise
        if _trouble is None:
            _log.warning("Answers are as of %s from now on: %s", mirror.as_of, trouble)
        _trouble = trouble
