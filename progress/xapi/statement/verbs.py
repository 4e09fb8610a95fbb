"""The one table of verb → event. What a statement's other parts add to the event is `meaning`'s."""

from typing import Literal, NamedTuple

Meant = Literal["played", "attempted", "completed", "passed", "failed", "waived", "scored", "assessed"]

_ADL = "http://adlnet.gov/expapi/verbs"
_VIDEO = "https://w3id.org/xapi/video/verbs"

# Every other verb is stored and ignored. The video profile and cmi5 share ADL's verbs with plain statements.
VERBS: dict[str, Meant] = {
    f"{_VIDEO}/played": "played",
    f"{_VIDEO}/paused": "played",
    f"{_VIDEO}/seeked": "played",
    f"{_ADL}/initialized": "played",
    f"{_ADL}/attempted": "attempted",
    f"{_ADL}/terminated": "played",
    f"{_ADL}/completed": "completed",
    f"{_ADL}/passed": "passed",
    f"{_ADL}/failed": "failed",
    f"{_ADL}/scored": "scored",
    f"{_ADL}/answered": "assessed",
    f"{_ADL}/evaluated": "assessed",
    "http://www.tincanapi.co.uk/verbs/evaluated": "assessed",
    "https://w3id.org/xapi/dod-isd/verbs/evaluated": "assessed",
    "https://w3id.org/xapi/adl/verbs/waived": "waived",
    "http://activitystrea.ms/schema/1.0/complete": "completed",
}


# An event where it brings a score and its activity is a module here. H5P answers the questions within an activity under
# ids of their own, and others answer activities of which nobody here knows: those are only kept.
ONLY_OF_WHAT_IS_KNOWN: Meant = "assessed"


class EventKind(NamedTuple):
    """`is_outright`: from a program that speaks for the staff it completes the module whatever its rule."""

    kind: str
    is_outright: bool = False


def event_kind(meant: Meant, has_score: bool, completion_rule: str) -> EventKind:
    """The kind of event for a module with this rule.

    Passed and failed are attempts that were handed in: with a score they are scored by our own pass mark, without one
    they are submitted, which ends a module that asks for no more. Passed without a score ends one that must be passed.
    """
    match meant:
        case "played":
            return EventKind("played")
        case "attempted" if not has_score:
            return EventKind("played")
        case "waived":
            return EventKind("completed", is_outright=True)
        case "passed" if not has_score and completion_rule == "passed":
            return EventKind("completed", is_outright=True)
        case "completed" if not (has_score and completion_rule == "passed"):
            return EventKind("completed")
        case "scored" | "completed" | "attempted" | "assessed":
            return EventKind("scored")
    return EventKind("scored" if has_score else "submitted")
