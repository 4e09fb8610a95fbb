"""A figure is drawn once for each content of its frames: Plotly takes five milliseconds, half of a page's run.

Viewers who may see the same rows see the same figure, so it does not matter whose run drew it. It is shared: nobody may
change a figure after it was drawn.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec

import polars as pl
from plotly.graph_objects import Figure

_P = ParamSpec("_P")
_MOST_FIGURES = 256  # of each kind of chart
_LARGEST_FRAME = 200_000  # bytes; larger ones are few, and would fill the memory


def drawn_once(draw: Callable[_P, Figure]) -> Callable[_P, Figure]:
    """Remember the figures of a function without side effects, by what its arguments hold."""
    known: OrderedDict[tuple[object, ...], Figure] = OrderedDict()
    lock = Lock()

    @wraps(draw)
    def remembered(*args: _P.args, **kwargs: _P.kwargs) -> Figure:
        given = (*args, *(value for pair in sorted(kwargs.items()) for value in pair))
        if any(isinstance(each, pl.DataFrame) and each.estimated_size() > _LARGEST_FRAME for each in given):
            return draw(*args, **kwargs)
        key = tuple(_content(each) for each in given)
        with lock:
            if key in known:
                known.move_to_end(key)
                return known[key]
        figure = draw(*args, **kwargs)
        with lock:
            known[key] = figure
            while len(known) > _MOST_FIGURES:
                known.popitem(last=False)
        return figure

    return remembered


def _content(given: object) -> object:
    """All that the chart can read of an argument, so that an equal key means an equal picture."""
    return given.serialize() if isinstance(given, pl.DataFrame) else given
