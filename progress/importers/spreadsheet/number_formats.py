"""What a person sees in a cell that holds a number with a number format, as text with the number's full precision.

Formats that only round, group or colour change nothing. Percentages and thousands scale the number; a format that shows
words instead of the number gives these words.
"""

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKETED = re.compile(r"\[[^\]]*\]")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_THOUSANDS = re.compile(r"[0#?](,+)(?=[^0#?,]|$)")
_FRACTION = re.compile(r"[0#?]\s*/\s*[0-9#?]")
_SEMICOLON = re.compile(r'(?<!\\);(?=(?:[^"]*"[^"]*")*[^"]*$)')
_LONGEST = 255
_GENERAL = re.compile("general|standard|@", re.IGNORECASE)
_HOLDS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


class _Section(NamedTuple):
    """`shift`: the number is shown multiplied by 10 ** shift. `words` are shown too; with `is_words`, instead of it."""

    shift: int
    words: str
    is_words: bool


def shown_number(number: float, number_format: str) -> str:
    """The number as it is shown, such as 85 for 0.85 in the format "0%"."""
    if not math.isfinite(number):
        return str(number)
    section = _section(_applicable_section(number, number_format))
    if section.is_words:
        return section.words
    shown = f"{Decimal(repr(number)).scaleb(section.shift).normalize():f}"
    return f"{shown} {section.words}" if re.search(r"\d", section.words) else shown


def _applicable_section(number: float, number_format: str) -> str:
    """The section of the format that applies to this number."""
    sections = _sections(number_format)
    for section in sections:
        if found := _CONDITION.search(section):
            if _HOLDS[found.group(1)](number, float(found.group(2))):
                return section
        elif _CONDITION.search(number_format):
            return section
    if len(sections) > 2 and number == 0:
        return sections[2]
    return sections[1] if len(sections) > 1 and number < 0 else sections[0]


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[str, ...]:
    """Split at semicolons, except those quoted or escaped by a backslash. Excel allows 255 characters."""
    return tuple(_SEMICOLON.split(number_format[:_LONGEST]))


@lru_cache(maxsize=256)
def _section(section: str) -> _Section:
    words = "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(section)).strip()
    code = _BRACKETED.sub("", _LITERAL.sub("", section))
    is_words = not re.search("[0#?]", code) and not _GENERAL.search(code)
    if is_words or _FRACTION.search(code):
        return _Section(0, (words + code.strip()).strip() if is_words else "", is_words)
    thousands = sum(len(found) for found in _THOUSANDS.findall(code))
    return _Section(2 * code.count("%") - 3 * thousands, words, is_words=False)
