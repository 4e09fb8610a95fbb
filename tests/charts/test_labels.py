"""Names in charts are shown as they are, and move nothing beside them."""

import polars as pl
import pytest

from charts.labels import literal


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("<b>&amp;</b>", "&lt;b>&amp;amp;&lt;/b>"),
        ("\u202egpj.exe", "‹RLO›gpj.exe"),
        ("a\u2067b\u2069", "a‹RLI›b‹PDI›"),
        ("שלום 5", "\u2068שלום 5\u2069"),
        ("a\n b", "a b"),
        ("$x^2$ %{y}", "$x^2$ %{y}"),
    ],
)
def test_a_label_is_the_name_and_no_markup(name: str, label: str) -> None:
    assert pl.DataFrame({"name": [name]}).select(literal(pl.col("name"))).item() == label
