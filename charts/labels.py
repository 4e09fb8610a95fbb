"""Names as plotly labels: cut to what there is room for, and never taken for markup. No colours, no figures."""

import polars as pl


def literal(text: pl.Expr) -> pl.Expr:
    """The text as it stands; plotly reads “<” as the start of a tag and “&” as that of an entity."""
    return text.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)


def short_label(text: pl.Expr, longest: int) -> pl.Expr:
    """At most `longest` characters; hovering and the table give a longer name in full."""
    cut = text.str.slice(0, longest - 1).str.strip_chars_end() + "…"
    return literal(pl.when(text.str.len_chars() <= longest).then(text).otherwise(cut))


def counted(number: int, noun: str) -> str:
    """“1 learner”, “2 learners”; the noun is given in the singular."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
