"""Names reach the page as they stand."""

import re

import pytest

from pages.widgets.markdown import plain


@pytest.mark.parametrize(
    "name", ["*bold*", "[link](https://example.org)", "a_b", ":red[red]", "5 $ and 6 $", "1. First", "# H"]
)
def test_every_character_that_markdown_reads_is_escaped(name: str) -> None:
    assert plain(name).replace("\\", "") == name
    assert not re.search(r"(?<!\\)[*\[\]()_:$#.]", plain(name))


def test_letters_and_punctuation_of_names_stay_untouched() -> None:
    assert plain("Zoë O’Neill, Year 8") == "Zoë O’Neill, Year 8"
