"""Names as Markdown: Streamlit reads titles, labels and captions as Markdown, and a name must not be taken for it."""

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&=])")

# Addresses, icons, emoji and arrows are looked for in the finished text, which no backslash is in any more: only a
# character between them keeps them apart. A word joiner is not seen, and no line is broken at it.
_JOINER = "\u2060"
_TAKEN_FOR_MORE = re.compile(r"(?<=:)(?=[\w/+-])|(?<=@)(?=\w)|(?<=[wW]{3})(?=\.)|(?<=[<>=~-])(?=[<>=-])")

_LINE_ENDS = re.compile(r"[\t\n\x0b\f\r\x1c-\x1e\x85\u2028\u2029]+")
_DIRECTIONS = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI",
    "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
}  # fmt: skip
_SHOWN_DIRECTIONS = str.maketrans({character: f"‹{name}›" for character, name in _DIRECTIONS.items()})
_FROM_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def plain(name: str) -> str:
    """The name so that Markdown shows every character of it as it stands."""
    return _SPECIAL.sub(r"\\\1", _TAKEN_FOR_MORE.sub(_JOINER, one_line(name)))


def one_line(name: str) -> str:
    """The name for a place that reads no Markdown, such that it moves nothing next to it.

    Invisible controls that turn the direction of writing are shown by their names; a name that is written from right to
    left is kept apart from what stands around it.
    """
    shown = _LINE_ENDS.sub(" ", name).translate(_SHOWN_DIRECTIONS)
    if shown.isascii() or not any(unicodedata.bidirectional(each) in _FROM_RIGHT_TO_LEFT for each in shown):
        return shown
    return f"\u2068{shown}\u2069"


def icon(name: str) -> str:
    return f":material/{name}:"


def small(text: str) -> str:
    """Second-rank text: smaller and quieter. The text is Markdown already."""
    return f":small[:gray[{text}]]"
