"""How many files and connections the system lets this process hold: Debian's usual 1,024 are 250 open pages."""

import logging
import resource

# What the system allows at most where it names no number.
_MOST = 1_048_576
_FEW = 4_096

_log = logging.getLogger(__name__)


def raise_open_files() -> int:
    """Raise the process's soft limit of open files to its hard one, and return what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else hard
    if soft != wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < _FEW:
        _log.warning("Only %d files may be open at once, and each page in a browser takes four (ulimit -Hn).", wanted)
    return wanted


def most_open_files() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else soft
