"""Names as plotly labels, shortened to fit and never read as markup."""

import polars as pl

# Invisible characters that change the writing direction, and visible stand-ins for them.
_DIRECTIONS = {
    "\u202a": "‹LRE›", "\u202b": "‹RLE›", "\u202c": "‹PDF›", "\u202d": "‹LRO›", "\u202e": "‹RLO›",
    "\u2066": "‹LRI›", "\u2067": "‹RLI›", "\u2068": "‹FSI›", "\u2069": "‹PDI›",
}  # fmt: skip
_FROM_RIGHT_TO_LEFT = r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]"


def literal(text: pl.Expr) -> pl.Expr:
    """The text as plotly shows it literally.

    Plotly reads “<” as the start of a tag, “&” as the start of an entity, and a line end as a space or nothing. Text
    written from right to left is isolated, so that it does not reorder the text around it.
    """
    one_line = text.str.replace_all(r"\s+", " ").str.replace_many(_DIRECTIONS)
    shown = one_line.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
    isolated = pl.concat_str(pl.lit("\u2068"), shown, pl.lit("\u2069"))
    return pl.when(shown.str.contains(_FROM_RIGHT_TO_LEFT)).then(isolated).otherwise(shown)


def short_label(text: pl.Expr, longest: int) -> pl.Expr:
    """At most `longest` characters; hover text and the table show a longer name in full."""
    cut = text.str.slice(0, longest - 1).str.strip_chars_end() + "…"
    return literal(pl.when(text.str.len_chars() <= longest).then(text).otherwise(cut))


def counted(number: int, noun: str) -> str:
    """“1 learner”, “2 learners”; the noun is given in the singular."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
