"""The theme in Streamlit's message for a new run, built once instead of at every run of a page.

Streamlit reads some hundred options one by one for each of six sections, on the event loop, which takes a fifth of the
processor time of a small page. They come from config.toml and never change while the server runs.
"""

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_BUILDER = "_populate_theme_msg"


def build_theme_once() -> None:
    """From now on a section of the theme is built when it is first needed, and copied after that."""
    build = getattr(app_session, _BUILDER)
    built: dict[str, CustomThemeConfig] = {}

    def copy_section(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in built:
            built[section] = CustomThemeConfig()
            build(built[section], section)
        if built[section].ByteSize():  # Streamlit leaves a section without options unset
            msg.MergeFrom(built[section])

    setattr(app_session, _BUILDER, copy_section)
