"""Names reach the page as they stand."""

import re

import pytest

from pages.widgets.words.markdown import one_line, plain


@pytest.mark.parametrize(
    "name", ["*bold*", "[link](https://example.org)", "a_b", ":red[red]", "5 $ and 6 $", "1. First", "# H"]
)
def test_every_character_that_markdown_reads_is_escaped(name: str) -> None:
    assert plain(name).replace("\\", "").replace("\u2060", "") == name
    assert not re.search(r"(?<!\\)[*\[\]()_:$#.]", plain(name))


def test_letters_and_punctuation_of_names_stay_untouched() -> None:
    assert plain("Zoë O’Neill, Year 8") == "Zoë O’Neill, Year 8"


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("https://a.example", "https:|//a.example"),
        ("www.a.example", "www|.a.example"),
        ("tea@a.example", "tea@|a.example"),
        (":material/home:", ":|material/home:"),
        (":red[a]", ":|red[a]"),
        ("a -> b <-> c -- d >= e ~= f", "a -|> b <|-|> c -|- d >|= e ~|= f"),
        ("Unit 2: cells", "Unit 2: cells"),
    ],
)
def test_what_is_looked_for_in_finished_text_is_kept_apart_by_what_is_not_seen(name: str, apart: str) -> None:
    assert plain(name).replace("\\", "").replace("\u2060", "|") == apart


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202egpj.exe", "‹RLO›gpj.exe"),
        ("a\u2066b\u2069", "a‹LRI›b‹PDI›"),
        ("שלום 5", "\u2068שלום 5\u2069"),
        ("a\nb\u2028c", "a b c"),
        ("Zoë", "Zoë"),
    ],
)
def test_directions_of_writing_are_shown_or_kept_to_the_name(name: str, shown: str) -> None:
    assert one_line(name) == shown
    assert plain(name).replace("\\", "") == shown
