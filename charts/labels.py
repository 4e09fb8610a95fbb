"""Names as plotly labels: cut to what there is room for, and never taken for markup. No colours, no figures."""

import polars as pl

# Invisible characters that turn the direction of writing, and by what they are shown.
_DIRECTIONS = {
    "\u202a": "‹LRE›", "\u202b": "‹RLE›", "\u202c": "‹PDF›", "\u202d": "‹LRO›", "\u202e": "‹RLO›",
    "\u2066": "‹LRI›", "\u2067": "‹RLI›", "\u2068": "‹FSI›", "\u2069": "‹PDI›",
}  # fmt: skip
_FROM_RIGHT_TO_LEFT = r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]"


def literal(text: pl.Expr) -> pl.Expr:
    """The text as it stands, such that it moves nothing beside it.

    Plotly reads “<” as the start of a tag, “&” as that of an entity, and a line end as a space or nothing. Text written
    from right to left is kept apart from what stands around it.
    """
    one_line = text.str.replace_all(r"\s+", " ").str.replace_many(_DIRECTIONS)
    shown = one_line.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
    isolated = pl.concat_str(pl.lit("\u2068"), shown, pl.lit("\u2069"))
    return pl.when(shown.str.contains(_FROM_RIGHT_TO_LEFT)).then(isolated).otherwise(shown)


def short_label(text: pl.Expr, longest: int) -> pl.Expr:
    """At most `longest` characters; hovering and the table give a longer name in full."""
    cut = text.str.slice(0, longest - 1).str.strip_chars_end() + "…"
    return literal(pl.when(text.str.len_chars() <= longest).then(text).otherwise(cut))


def counted(number: int, noun: str) -> str:
    """“1 learner”, “2 learners”; the noun is given in the singular."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
