"""What each column of the views means, read from `glossary.md`, where each is defined once."""

import re
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).parent / "glossary.md"
_ENTRY = re.compile(r"^- `(\w+)`: (.+(?:\n  .+)*)", re.MULTILINE)


@cache
def glossary() -> dict[str, str]:
    """The meanings by column name."""
    entries = _ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))
    return {column: " ".join(meaning.split()) for column, meaning in entries}
