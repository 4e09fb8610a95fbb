"""The mirror: columnar copies of the record's tables in DuckDB, refreshed incrementally. It defines no measures."""

from data.mirror.checking import MirrorDifference
from data.mirror.current import close_mirrors, current_mirror, with_mirror
from data.mirror.failures import AnswerBrokenOff, MirrorBroken, QuestionFails
from data.mirror.mirror import Mirror, Refreshed
from data.mirror.staleness import record_trouble

__all__ = [
    "AnswerBrokenOff",
    "Mirror",
    "MirrorBroken",
    "MirrorDifference",
    "QuestionFails",
    "Refreshed",
    "close_mirrors",
    "current_mirror",
    "record_trouble",
    "with_mirror",
]
