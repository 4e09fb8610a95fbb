"""What is replaced in Streamlit's runtime for speed: these tests fail when a release no longer has it."""

from collections.abc import Iterator

import pytest
import streamlit.config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from data.settings import PROJECT
from pages.widgets.running.theme_message import build_theme_once

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.fixture
def our_config(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streamlit's options as config.toml of this project has them."""
    monkeypatch.chdir(PROJECT)
    streamlit.config.get_config_options(force_reparse=True)
    yield
    monkeypatch.undo()
    streamlit.config.get_config_options(force_reparse=True)


def built(section: str) -> CustomThemeConfig:
    message = CustomThemeConfig()
    app_session._populate_theme_msg(message, section)
    return message


def test_copied_theme_is_the_one_that_streamlit_builds(our_config: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    original = {section: built(section) for section in SECTIONS}
    build_theme_once()
    for _ in range(2):
        assert {section: built(section) for section in SECTIONS} == original
    assert original["theme"].base_radius == "10px"
    assert original["theme.dark"].background_color == "#10161E"


def test_streamlit_asks_for_each_section_of_the_theme_by_this_function() -> None:
    assert "_populate_theme_msg" in app_session.AppSession._create_new_session_message.__code__.co_names


def test_streamlit_does_not_collect_garbage_after_every_run(our_config: None) -> None:
    assert streamlit.config.get_option("runner.postScriptGC") is False
