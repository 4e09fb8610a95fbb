"""Whose a file at `/media/` or a place for uploads is: the files of a page belong to the sign-in that opened it.

Streamlit names a file by a hash of what is in it and serves it to anyone who knows the name, so the name alone must not
be enough. Reads Streamlit's own books of sessions and files; a later release that keeps them otherwise opens nothing.
"""

from collections.abc import Mapping

from streamlit.runtime import exists, get_instance

# Under this key of `st.user` the gate's mark of the sign-in arrives: `server.trustedUserHeaders` in config.toml.
SIGN_IN = "sign_in"


def holds_file(sign_in: str, file_name: str) -> bool:
    """Whether a page that this sign-in opened shows the file or offers it for download, by its name below `/media/`."""
    file_id = file_name.partition(".")[0]
    return exists() and any(
        file_id in files.values() and _opened_by(sign_in, session_id) for session_id, files in _files().items()
    )


def holds_session(sign_in: str, session_id: str) -> bool:
    """Whether this sign-in opened the Streamlit session that uploads are meant for."""
    return exists() and _opened_by(sign_in, session_id)


def _opened_by(sign_in: str, session_id: str) -> bool:
    """Sessions whose connection was lost a moment ago count too: some browsers cut it when a download begins."""
    found = get_instance()._session_mgr.get_session_info(session_id)
    return found is not None and found.session.matches_user_info({SIGN_IN: sign_in})


def _files() -> Mapping[str, Mapping[str, str]]:
    """The ids of files by their place on the page, by the id of the Streamlit session; copied while it stands still."""
    manager = get_instance().media_file_mgr
    with manager._lock:
        return {session_id: dict(files) for session_id, files in manager._files_by_session_and_coord.items()}
