"""Whom and what the words of a spreadsheet name, as far as the viewer may know it. Reads, never writes."""

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

# How a word is looked up, and what it then means.
_Reading = tuple[Callable[[str], str], Mapping[str, list[int]]]


class NamesNothing(Exception):
    """A word that names nobody, nothing, or several; the text is for people."""


@dataclass(frozen=True)
class Names:
    """What each word may mean. An external id goes before a username or title, and these before an e-mail address."""

    learners: tuple[_Reading, ...]
    courses: tuple[_Reading, ...]
    modules: Mapping[int, tuple[_Reading, ...]]
    course_titles: tuple[str, ...]
    module_titles: Mapping[int, tuple[str, ...]]

    def learner_id(self, word: str) -> int:
        """Raises NamesNothing, with the same text for those whom the viewer may not see."""
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
    """What the words of these lines may mean. Of the people only those whom the viewer may see."""
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


def _meanings(readings: tuple[_Reading, ...], word: str) -> list[int]:
    return next((found for plain, meant in readings if (found := meant.get(plain(word)))), [])


def _only(found: list[int], noun: str, word: str, titles: Iterable[str]) -> int:
    if len(found) > 1:
        raise NamesNothing(f"There are several {noun}s titled “{word}”. Give the external id.")
    if not found:
        meant = nearest(word, titles)
        hint = f" Did you mean “{meant}”?" if meant else ""
        raise NamesNothing(f"There is no {noun} “{word[:100]}”.{hint}")
    return found[0]


def _by_id_and_title(rows: Iterable[Row[Any]], ended: str) -> tuple[_Reading, ...]:
    """By external id, by title, and by the title of what is over: its successor often has the same."""
    listed = list(rows)
    standing = [row for row in listed if getattr(row, ended) is None]
    return _by("external_id", listed, str), _by("title", standing, folded), _by("title", listed, folded)


def _by(column: str, rows: Iterable[Row[Any]], plain: Callable[[str], str]) -> _Reading:
    found = defaultdict(list)
    for row in rows:
        if getattr(row, column):
            found[plain(getattr(row, column))].append(row.id)
    return plain, found


def _people(tx: Transaction, words: set[str]) -> Select[*tuple[Any, ...]]:
    usernames = {plain_username(word) for word in words}
    return select(User.id, User.external_id, User.username, User.email).where(
        matches_any(tx, User.external_id, words)
        | matches_any(tx, User.username, usernames)
        | matches_any(tx, func.lower(User.email, type_=String()), usernames)
    )


_MODULES = select(Module.id, Module.course_id, Module.external_id, Module.title, Module.retired_at)
