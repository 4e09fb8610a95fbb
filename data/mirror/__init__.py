"""The mirror: columnar copies of the record's tables in DuckDB, kept up by what changed. It defines no measure."""

from data.mirror.current import close_mirrors, current_mirror
from data.mirror.mirror import Mirror, MirrorBroken, Refreshed

__all__ = ["Mirror", "MirrorBroken", "Refreshed", "close_mirrors", "current_mirror"]
