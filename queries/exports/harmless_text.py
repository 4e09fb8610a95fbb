"""The guard for all text that leaves in a table for spreadsheet programs, so that none of it runs as a formula."""

import polars as pl
import polars.selectors as cs

# What Excel, LibreOffice or Google Sheets read as the beginning of a formula in a text file, also in full width.
_FORMULA = r"^[\s\x00]*[=+\-@\t\r\n＝＋－＠]"


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe in front of such text, which marks it as text."""
    texts = cs.string() | cs.categorical() | cs.enum()
    return frame.with_columns(texts.cast(pl.String)).with_columns(
        pl.when(cs.string().str.contains(_FORMULA)).then("'" + cs.string()).otherwise(cs.string()).name.keep()
    )
