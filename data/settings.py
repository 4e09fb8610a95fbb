"""Settings, read from the environment only here; each has a default that works on a laptop."""

import os
import resource
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """The settings of one process; the README documents each of them."""

    var: Path
    database_url: str
    session_hours: int
    idle_minutes: int
    secure_cookies: bool
    hosts: tuple[str, ...]
    docs_are_open: bool


@dataclass(frozen=True)
class RequestLimits:
    """How many requests a minute the API answers for one caller."""

    read: int
    record: int
    export: int


def request_limits() -> RequestLimits:
    return RequestLimits(
        read=int(os.environ.get("WAYMARK_READS_PER_MINUTE") or 6_000),
        record=int(os.environ.get("WAYMARK_RECORDINGS_PER_MINUTE") or 30_000),
        export=int(os.environ.get("WAYMARK_EXPORTS_PER_MINUTE") or 60),
    )


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections and open pages are allowed at once, and how long a request may take to arrive."""

    page_runs: int
    pages_a_person: int
    pages_an_address: int
    connections_an_address: int
    unfinished_requests: int
    files_kept_free: int
    seconds_for_headers: float
    seconds_for_body: float  # and one more for each 5,000 bytes


def processes() -> int:
    """The number of processes that serve together."""
    return max(1, int(os.environ.get("WAYMARK_PROCESSES") or 1))


@lru_cache(maxsize=1)
def connection_limits() -> ConnectionLimits:
    """The limits. A whole school can share one address, each of its browsers with several connections."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = soft if soft != resource.RLIM_INFINITY else 1_048_576
    return ConnectionLimits(
        page_runs=int(os.environ.get("WAYMARK_PAGE_RUNS") or 4),
        pages_a_person=int(os.environ.get("WAYMARK_PAGES_PER_PERSON") or 100),
        pages_an_address=int(os.environ.get("WAYMARK_PAGES_PER_ADDRESS") or 2_000),
        connections_an_address=int(os.environ.get("WAYMARK_CONNECTIONS_PER_ADDRESS") or min(4_000, files // 2)),
        unfinished_requests=min(1_000, files // 8),
        files_kept_free=min(1_000, files // 4),
        seconds_for_headers=float(os.environ.get("WAYMARK_SECONDS_FOR_HEADERS") or 10),
        seconds_for_body=float(os.environ.get("WAYMARK_SECONDS_FOR_BODY") or 20),
    )


def allowed_origins() -> tuple[str, ...]:
    """The origins, such as https://courses.example, whose pages may ask the API with a token. None by default."""
    return _listed(os.environ.get("WAYMARK_ALLOWED_ORIGINS", ""))


@lru_cache(maxsize=4)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip().rstrip("/") for each in text.split(",") if each.strip() not in ("", "*"))


def settings() -> Settings:
    """The settings as the environment has them now. `postgresql://` URLs are given the psycopg driver."""
    names = (
        "WAYMARK_VAR",
        "DATABASE_URL",
        "WAYMARK_SESSION_HOURS",
        "WAYMARK_IDLE_MINUTES",
        "WAYMARK_SECURE_COOKIES",
        "WAYMARK_HOSTS",
        "WAYMARK_OPEN_DOCS",
    )
    return _settings(*(os.environ.get(name, "") for name in names))


@lru_cache(maxsize=1)
def _settings(
    folder: str, url: str, session_hours: str, idle_minutes: str, secure_cookies: str, hosts: str, open_docs: str
) -> Settings:
    """Cached, because they are needed at every request and stay the same until the environment changes."""
    var = Path(folder or PROJECT / "var").absolute()
    url = url or f"sqlite:///{var / 'waymark.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    return Settings(
        var=var,
        database_url=url,
        session_hours=int(session_hours or 12),
        idle_minutes=int(idle_minutes or 60),
        secure_cookies=secure_cookies == "1",
        hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        docs_are_open=open_docs == "1",
    )
