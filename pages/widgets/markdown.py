"""Names as Markdown: Streamlit reads titles, labels and captions as Markdown, and a name must not be taken for it."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&=])")


def plain(name: str) -> str:
    """The name so that Markdown shows every character of it as it stands."""
    return _SPECIAL.sub(r"\\\1", name)


def icon(name: str) -> str:
    return f":material/{name}:"


def small(text: str) -> str:
    """Second-rank text: smaller and quieter. The text is Markdown already."""
    return f":small[:gray[{text}]]"
