"""Both themes can be read: text stands out at least 4.5 : 1 and graphics at least 3 : 1 (WCAG 2.2 AA)."""

import tomllib
from typing import Any

import pytest

from charts import theme
from data.settings import PROJECT
from tests.contrast import blend, contrast

CONFIG = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text())["theme"]
CAPTION_OPACITY = 0.6  # Streamlit writes captions in the text colour at this strength
SURFACES = ("backgroundColor", "secondaryBackgroundColor")
TEXTS = [name for name in CONFIG["light"] if name.endswith(("extColor", "linkColor"))]
COLOURS = [theme.DONE, theme.UNDER_WAY, theme.STILL_TO_DO, *theme.ACCENTS]


def colours(mode: str) -> dict[str, Any]:
    return dict(CONFIG[mode])


def surfaces(mode: str) -> list[str]:
    """The grounds that text and bars lie on."""
    return [CONFIG[mode][name] for name in SURFACES] + [CONFIG[mode]["sidebar"]["backgroundColor"]]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read_on_every_surface(mode: str) -> None:
    for name in TEXTS:
        for surface in surfaces(mode):
            assert contrast(CONFIG[mode][name], surface) >= 4.5, (name, surface)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_captions_can_be_read_on_every_surface(mode: str) -> None:
    for surface in surfaces(mode):
        assert contrast(blend(CONFIG[mode]["textColor"], surface, CAPTION_OPACITY), surface) >= 4.5, surface


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_buttons_can_be_read_and_seen(mode: str) -> None:
    primary = CONFIG[mode]["primaryColor"]
    assert contrast("#ffffff", primary) >= 4.5
    assert all(contrast(primary, surface) >= 3 for surface in surfaces(mode))


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_chart_colours_stand_out_in_both_themes(mode: str, colour: str) -> None:
    assert all(contrast(colour, surface) >= 3 for surface in surfaces(mode))


def test_both_themes_set_the_same_things() -> None:
    assert CONFIG["light"].keys() == CONFIG["dark"].keys()


def test_streamlit_draws_with_the_same_colours_as_the_charts() -> None:
    assert CONFIG["light"]["chartCategoricalColors"] == list(theme.ACCENTS)
    assert CONFIG["dark"]["chartCategoricalColors"] == list(theme.ACCENTS)
