"""Writing frames as CSV, JSON and Parquet, piece by piece."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq

from queries.exports.harmless_text import without_formulas

ROWS_OF_A_PIECE = 50_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Frames = Iterator[pl.DataFrame]


def as_csv(frames: Frames, *, byte_order_mark: bool = True) -> Iterator[bytes]:
    """UTF-8 with a header line; without the mark, Excel would read it in another encoding. Times are ISO, in UTC.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    for number, frame in enumerate(_in_pieces(frames)):
        mark = _BYTE_ORDER_MARK if byte_order_mark and number == 0 else b""
        yield mark + _plain(without_formulas(frame), flat=True).write_csv(include_header=number == 0).encode()


def as_json(frames: Frames) -> Iterator[bytes]:
    """An array with one object per row; times are ISO, in UTC."""
    before = b"["
    for frame in _in_pieces(frames):
        if frame.height:
            yield before + b"\n" + _plain(frame).write_json().encode()[1:-1]
            before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"


def as_parquet(frames: Frames) -> Iterator[bytes]:
    """Row groups of some ten thousand rows; times are timestamps in UTC."""
    sink = _Sink()
    pieces = _in_pieces(frames)
    first = _with_zones(next(pieces)).to_arrow(compat_level=pl.CompatLevel.oldest())
    with pq.ParquetWriter(sink, first.schema) as writer:
        writer.write_table(first)
        yield sink.taken()
        for piece in pieces:
            writer.write_table(_with_zones(piece).to_arrow(compat_level=pl.CompatLevel.oldest()))
            yield sink.taken()
    yield sink.taken()


def _in_pieces(frames: Frames) -> Frames:
    """The same rows in one or more frames of some ten thousand."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(part.height for part in waiting) >= ROWS_OF_A_PIECE:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _plain(frame: pl.DataFrame, *, flat: bool = False) -> pl.DataFrame:
    """The frame with times as text, and lists too if the format has none."""
    nested = [name for name, kind in frame.schema.items() if flat and kind.is_nested()]
    return frame.with_columns(
        cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ"),
        pl.col(nested).map_elements(_list_as_text, return_dtype=pl.String),
    )


def _list_as_text(value: Any) -> str:
    return json.dumps(value.to_list() if isinstance(value, pl.Series) else value)


def _with_zones(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(cs.datetime().dt.replace_time_zone("UTC"))


class _Sink:
    """A file object whose contents are passed on as it grows."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def write(self, piece: Any) -> int:
        taken = bytes(piece)
        self._pieces.append(taken)
        self._length += len(taken)
        return len(taken)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """What was written since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
