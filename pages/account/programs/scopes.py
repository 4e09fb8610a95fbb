"""What a program may do, in plain words."""

from data.viewer import Viewer

_WORDS = {
    "read": "See progress",
    "record": "Record progress",
    "manage": "Change what only administrators may change",
}


def scopes_open_to(viewer: Viewer) -> dict[str, str]:
    """The scopes that this person can give a program, each with its words."""
    return {scope: words for scope, words in _WORDS.items() if scope != "manage" or viewer.sees_everyone}


def scopes_text(scopes: tuple[str, ...]) -> str:
    """“See progress, record progress”."""
    return ", ".join(_WORDS[scope] for scope in scopes).capitalize()
