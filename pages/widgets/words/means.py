"""How means and medians of percentages read."""

import math

from pages.widgets.words.percentages import NO_FIGURE

OF_MODULES = "Of the share of the course’s modules that each learner has completed; who never began counts as 0."


def mean_text(percentage: float | None) -> str:
    """A mean or median, rounded down like the percentages themselves; "–" where there is none."""
    return NO_FIGURE if percentage is None else f"{math.floor(percentage)}%"
