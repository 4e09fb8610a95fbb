"""Failures of a mirror's database, as opposed to mistakes in a question."""

import duckdb
import pyarrow as pa

_DAMAGED = "Corrupt database file"
_INVALIDATED = "database has been invalidated"
_WORDS = (_DAMAGED, _INVALIDATED, "INTERNAL Error", "FATAL Error", "IO Error")


class MirrorBroken(Exception):
    """The mirror's database failed. `with_mirror` opens another one and asks again."""

    words = "The figures cannot be worked out at the moment: their database failed twice. Try again in a minute."

    def __init__(self) -> None:
        super().__init__(self.words)


class QuestionFails(MirrorBroken):
    """The database fails each time at this one question."""

    words = (
        "This one cannot be answered at the moment: the database of figures fails at it each time. Everything else "
        "works, and nothing that was recorded is lost. Try again in ten minutes; the server's log says more."
    )


class AnswerBrokenOff(MirrorBroken):
    """The database failed during a long answer."""

    words = "The answer broke off in the middle, so it is not complete. Ask for it again."


class MirrorReplaced(MirrorBroken):
    """Someone else's question or refresh broke the database."""


def loses_the_database(error: Exception) -> bool:
    """Whether the database is lost: it no longer answers anyone, or cannot read its own file."""
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.IOException):
        return True
    # DuckDB's error about a damaged block has no class of its own, and in streams Arrow wraps all errors.
    is_either = isinstance(error, duckdb.Error | pa.ArrowException | OSError)
    return is_either and any(words in str(error) for words in _WORDS)


def is_someone_elses(error: Exception) -> bool:
    """Whether the database had been lost before this question."""
    return isinstance(error, MirrorReplaced) or _INVALIDATED in str(error)
