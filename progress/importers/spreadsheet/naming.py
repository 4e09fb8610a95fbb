"""Looking up the learners, courses and modules that a spreadsheet names; of learners, those whom the viewer may see."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, String, func, select

from data.bulk import matches_any
from data.models import Course, Module, User
from data.record import Transaction
from data.viewer import Viewer
from progress.importers.shared.misspelt import folded, nearest
from progress.importers.spreadsheet.stating import Stated
from progress.people.accounts import plain_username
from progress.recording.screening import NOT_YOURS

# One way to look up a word: how to normalise it, and the ids that it can then stand for.
_Lookup = tuple[Callable[[str], str], Mapping[str, list[int]]]


class NamesNothing(Exception):
    """A word that names nothing, or several things; the text is shown to people."""


@dataclass(frozen=True)
class Names:
    """What each word can stand for. External ids go first, then usernames or titles, then e-mail addresses."""

    learners: tuple[_Lookup, ...]
    courses: tuple[_Lookup, ...]
    modules: Mapping[int, tuple[_Lookup, ...]]
    course_titles: tuple[str, ...]
    module_titles: Mapping[int, tuple[str, ...]]

    def learner_id(self, word: str) -> int:
        """Raises NamesNothing, with the same text for people whom the viewer may not see."""
        found = _meanings(self.learners, word)
        if len(found) > 1:
            raise NamesNothing(f"“{word}” is the address of several people. Give the external id or the username.")
        if not found:
            raise NamesNothing(NOT_YOURS)
        return found[0]

    def course_id(self, word: str) -> int:
        return _only(_meanings(self.courses, word), "course", word, self.course_titles)

    def module_id(self, course_id: int, word: str) -> int:
        modules = _meanings(self.modules.get(course_id, ()), word)
        return _only(modules, "module", word, self.module_titles.get(course_id, ()))


def names_in(tx: Transaction, viewer: Viewer, lines: Iterable[Stated]) -> Names:
    """The lookups for the words of these lines, with only those people whom the viewer may see."""
    words = {line.learner for line in lines} - {""}
    people = [row for row in tx.execute(_people(tx, words)) if viewer.may_see(row.id)]
    courses = tx.execute(select(Course.id, Course.external_id, Course.title, Course.ended_at)).all()
    by_course = defaultdict(list)
    for row in tx.execute(_MODULES):
        by_course[row.course_id].append(row)
    return Names(
        learners=(
            _by("external_id", people, str),
            _by("username", people, plain_username),
            _by("email", people, plain_username),
        ),
        courses=_by_id_and_title(courses, "ended_at"),
        modules={course_id: _by_id_and_title(rows, "retired_at") for course_id, rows in by_course.items()},
        course_titles=tuple(row.title for row in courses),
        module_titles={course_id: tuple(row.title for row in rows) for course_id, rows in by_course.items()},
    )


def _meanings(lookups: tuple[_Lookup, ...], word: str) -> list[int]:
    return next((found for normalise, ids in lookups if (found := ids.get(normalise(word)))), [])


def _only(found: list[int], noun: str, word: str, titles: Iterable[str]) -> int:
    if len(found) > 1:
        raise NamesNothing(f"There are several {noun}s titled “{word}”. Give the external id.")
    if not found:
        meant = nearest(word, titles)
        hint = f" Did you mean “{meant}”?" if meant else ""
        raise NamesNothing(f"There is no {noun} “{word[:100]}”.{hint}")
    return found[0]


def _by_id_and_title(rows: Iterable[Row[Any]], ended: str) -> tuple[_Lookup, ...]:
    """By external id, then by title; rows that have ended come last, as their successors often have the same title."""
    all_rows = list(rows)
    current = [row for row in all_rows if getattr(row, ended) is None]
    return _by("external_id", all_rows, str), _by("title", current, folded), _by("title", all_rows, folded)


def _by(column: str, rows: Iterable[Row[Any]], normalise: Callable[[str], str]) -> _Lookup:
    found = defaultdict(list)
    for row in rows:
        if getattr(row, column):
            found[normalise(getattr(row, column))].append(row.id)
    return normalise, found


def _people(tx: Transaction, words: set[str]) -> Select[*tuple[Any, ...]]:
    usernames = {plain_username(word) for word in words}
    return select(User.id, User.external_id, User.username, User.email).where(
        matches_any(tx, User.external_id, words)
        | matches_any(tx, User.username, usernames)
        | matches_any(tx, func.lower(User.email, type_=String()), usernames)
    )


_MODULES = select(Module.id, Module.course_id, Module.external_id, Module.title, Module.retired_at)
