"""The XML of an Excel workbook's texts, styles and cells, as text that reads like the same sheet saved as CSV."""

import math
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

from progress.importers.spreadsheet.sheet import MOST_COLUMNS, MOST_ROWS, TooLarge, UnreadableLine

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_OF_A_DATE = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.')
_PLACE = re.compile(r"([A-Z]{1,3})\d+", re.ASCII)
_EPOCH = datetime(1899, 12, 30)
_EPOCH_OF_1904 = datetime(1904, 1, 1)
_MOST_DAYS = 2_950_000  # in the year 9976, counted from either


def local_name(tag: str) -> str:
    """Without the namespace: there are two for the same thing."""
    return tag.rpartition("}")[2]


class _Texts:
    """A parser's target that gathers the text within some elements. Phonetic readings (rPh) are no part of a text."""

    gathered = frozenset({"t"})

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gathers = 0
        self._reads_aloud = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        self._reads_aloud += name == "rPh"
        self._gathers += name in self.gathered
        self.begin(name, attributes)

    def data(self, text: str) -> None:
        if self._gathers and not self._reads_aloud:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        name = local_name(tag)
        self._reads_aloud -= name == "rPh"
        self._gathers -= name in self.gathered
        self.finish(name)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def finish(self, name: str) -> None:
        """An element ends."""

    def _gathered(self) -> str:
        text = "".join(self._parts)
        self._parts.clear()
        return text


class SharedTexts(_Texts):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def finish(self, name: str) -> None:
        if name == "si":
            self.texts.append(self._gathered())


class SheetCells(_Texts):
    """The rows of a sheet, as (line, texts), each up to its last cell with something in it."""

    gathered = frozenset({"t", "v"})

    def __init__(
        self, file: str, shared: list[str], date_styles: frozenset[int], counts_from_1904: bool = False
    ) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self._file = file
        self._shared = shared
        self._date_styles = date_styles
        self._epoch = _EPOCH_OF_1904 if counts_from_1904 else _EPOCH
        self._line = 0
        self._column = 0
        self._cell: dict[str, str] = {}
        self._row: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._column, self._row = 0, []
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = _number_of(place.group(1)) if place else self._column + 1
            self._cell = attributes

    def finish(self, name: str) -> None:
        if name == "c":
            self._keep(self._text(self._gathered()))
        elif name == "row" and any(self._row):
            if len(self.rows) > MOST_ROWS:
                raise TooLarge(self._file, f"more than {MOST_ROWS:,} rows")
            self.rows.append((self._line, self._row))

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self._column > MOST_COLUMNS:
            raise UnreadableLine(self._line, f"There is something beyond the first {MOST_COLUMNS} columns.")
        self._row += [""] * (self._column - len(self._row))
        self._row[self._column - 1] = text

    def _text(self, value: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s" and value:
            return self._shared[int(value)]
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n" or not value:
            return value
        return self._text_of_number(value, is_date=int(self._cell.get("s", 0)) in self._date_styles)

    def _text_of_number(self, value: str, *, is_date: bool) -> str:
        number = float(value)
        if is_date and 1 <= number <= _MOST_DAYS:
            day = number + 1 if self._epoch == _EPOCH and number < 60 else number  # its 1900 has a 29 February
            moment = self._epoch + timedelta(seconds=round(day * 86_400))
            return moment.date().isoformat() if number == int(number) else moment.isoformat(" ")
        if not math.isfinite(number):
            return value
        return str(int(number)) if number == int(number) else repr(number)


def date_styles(*parts: bytes) -> frozenset[int]:
    """The numbers of the cell styles that show a date, from the part that describes styles."""
    found: set[int] = set()
    for part in parts:
        root = ElementTree.fromstring(part)
        own = {
            int(each.attrib["numFmtId"]): each.attrib["formatCode"]
            for each in root.iter()
            if local_name(each.tag) == "numFmt"
        }
        dated = _DATE_FORMATS - own.keys() | {number for number, code in own.items() if _shows_a_date(code)}
        styles = next(iter(each for each in root.iter() if local_name(each.tag) == "cellXfs"), ())
        found |= {place for place, style in enumerate(styles) if int(style.get("numFmtId", 0)) in dated}
    return frozenset(found)


def _shows_a_date(code: str) -> bool:
    return re.search("[dmyhsDMYHS]", _NOT_OF_A_DATE.sub("", code)) is not None


def _number_of(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
